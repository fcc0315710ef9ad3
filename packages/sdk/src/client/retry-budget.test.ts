import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.js';

async function fail(budget: RetryBudget, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    budget.failed();
    await turn();
  }
}

test('five failures in a row end the retries, ten successes bring one back', async () => {
  const budget = new RetryBudget();
  await fail(budget, 4);
  expect(budget.allowsRetry).toBe(true);
  await fail(budget, 1);
  expect(budget.allowsRetry).toBe(false);
  budget.succeeded();
  expect(budget.allowsRetry).toBe(true);
  await fail(budget, 1);
  for (let i = 0; i < 9; i++) budget.succeeded();
  expect(budget.allowsRetry).toBe(false);
  for (let i = 0; i < 2; i++) budget.succeeded();
  expect(budget.allowsRetry).toBe(true);
});

test('calls that fail together, by one lost connection, count once', async () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 4_000; i++) budget.failed();
  await turn();
  expect(budget.allowsRetry).toBe(true);
});
