import { expect, it } from 'vitest';
import { seededRandom } from './random.js';
import { zipf } from './zipf.js';

it('draws ranks in proportion to their demand', () => {
  const [ranks, draws] = [4, 100_000];
  const draw = zipf(ranks, 1, seededRandom(1));
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < draws; i++) counts[draw()]!++;
  const total = 1 + 1 / 2 + 1 / 3 + 1 / 4;
  for (const [rank, count] of counts.entries()) {
    expect(count / draws).toBeCloseTo(1 / (rank + 1) / total, 2);
  }
});

it('reaches the first and the last rank, and goes no further', () => {
  expect(zipf(1_000, 1.1, () => 0)()).toBe(0);
  expect(zipf(1_000, 1.1, () => 1 - Number.EPSILON)()).toBe(999);
});
