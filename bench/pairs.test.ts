import { describe, expect, it } from 'vitest';
import { drawPairs, type Choice } from './pairs.js';
import { seededRandom } from './random.js';

const of = { accounts: 1_000, branches: 10 };
const branchOf = (account: number) => Math.floor(account / 100);
const draw = (choice: Choice, count = 5_000) => drawPairs(choice, count, of, seededRandom(1));

describe.each(['uniform', 'zipf', 'hot'] as const)('%s', (choice) => {
  it('takes two accounts of one branch', () => {
    for (const [from, to] of draw(choice)) {
      expect(to).not.toBe(from);
      expect(branchOf(to)).toBe(branchOf(from));
    }
  });
});

it.each(['uniform', 'zipf', 'cross'] as const)('%s takes accounts of all branches', (choice) => {
  expect(new Set(draw(choice).map(([from]) => branchOf(from))).size).toBe(10);
});

it('uniform takes all accounts', () => {
  expect(new Set(draw('uniform', 20_000).flat()).size).toBe(1_000);
});

it('zipf takes some accounts far more often than others', () => {
  const counts = new Map<number, number>();
  for (const account of draw('zipf').flat()) counts.set(account, (counts.get(account) ?? 0) + 1);
  const sorted = [...counts.values()].sort((a, b) => b - a);
  expect(sorted[0]!).toBeGreaterThan(50 * sorted[Math.floor(sorted.length / 2)]!);
});

it('hot takes one account always, as often to debit as to credit', () => {
  const pairs = draw('hot', 1_000);
  expect(pairs.every((pair) => pair.includes(0))).toBe(true);
  expect(pairs.filter(([from]) => from === 0)).toHaveLength(500);
});

it('cross takes accounts of different branches', () => {
  expect(draw('cross').every(([from, to]) => branchOf(from) !== branchOf(to))).toBe(true);
});

it('draws the same again', () => {
  expect(draw('zipf', 100)).toEqual(draw('zipf', 100));
});
