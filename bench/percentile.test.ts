import { expect, it } from 'vitest';
import { percentile } from './percentile.js';

const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

it.each([
  [0, 1],
  [50, 50],
  [99, 99],
  [99.9, 100],
  [100, 100],
])('of 1 to 100, %d %% do not exceed %d', (percent, expected) => {
  expect(percentile(hundred, percent)).toBe(expected);
});

it('is the only number there is', () => {
  expect(percentile([7], 1)).toBe(7);
});

it('is no number of none', () => {
  expect(percentile([], 50)).toBeNaN();
});
