import { expect, it } from 'vitest';
import { median } from './median.js';

it('is the middle, however the numbers come', () => {
  expect(median([30, 1, 200])).toBe(30);
  expect(median([5])).toBe(5);
});

it('is the mean of the two in the middle', () => {
  expect(median([4, 100, 1, 2])).toBe(3);
});

it('is unknown of nothing', () => {
  expect(median([])).toBeUndefined();
});
