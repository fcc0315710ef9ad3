import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RetryBudget } from './retry-budget.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function fail(budget: RetryBudget, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    budget.failed();
    await turn();
  }
}

function succeed(budget: RetryBudget, times: number): void {
  for (let i = 0; i < times; i++) budget.succeeded();
}

test('ten failures in a row end the retries, ten successes bring one back', async () => {
  const budget = new RetryBudget();
  await fail(budget, 9);
  expect(budget.allowsRetry).toBe(true);
  await fail(budget, 1);
  expect(budget.allowsRetry).toBe(false);
  succeed(budget, 1);
  expect(budget.allowsRetry).toBe(true);
  await fail(budget, 1);
  succeed(budget, 9);
  expect(budget.allowsRetry).toBe(false);
  succeed(budget, 1);
  expect(budget.allowsRetry).toBe(true);
});

test('so does a second, for clients that make few calls', async () => {
  const budget = new RetryBudget();
  await fail(budget, 11);
  expect(budget.allowsRetry).toBe(false);
  vi.advanceTimersByTime(1_001);
  expect(budget.allowsRetry).toBe(true);
});

test('calls that fail together, by one lost connection, count once', async () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 4_000; i++) budget.failed();
  await turn();
  expect(budget.allowsRetry).toBe(true);
});
