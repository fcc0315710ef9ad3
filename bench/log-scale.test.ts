import { expect, it } from 'vitest';
import { logScale } from './log-scale.js';

it('gives each decade the same room', () => {
  const scale = logScale([1, 1_000], 100, 400);
  expect([1, 10, 100, 1_000].map((value) => Math.round(scale.place(value)))).toEqual([100, 200, 300, 400]);
});

it('begins and ends at the nearest 1, 2 or 5 outside', () => {
  const { ticks, place } = logScale([3, 180], 0, 100);
  expect(ticks).toEqual([2, 5, 10, 20, 50, 100, 200]);
  expect(place(2)).toBeCloseTo(0);
  expect(place(200)).toBeCloseTo(100);
});

it('takes fractions', () => {
  expect(logScale([0.3, 4], 0, 1).ticks.map((tick) => tick.toFixed(1))).toEqual([
    '0.2',
    '0.5',
    '1.0',
    '2.0',
    '5.0',
  ]);
});

it('has an axis for one value, and for none', () => {
  expect(logScale([10], 0, 1).place(10)).toBe(0);
  expect(logScale([], 0, 1).ticks).toEqual([1, 2, 5, 10]);
});
