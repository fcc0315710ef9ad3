import { expect, test } from 'vitest';
import { MovableClock } from './test-clock.js';

const START_MS = Date.UTC(2030, 0, 1);

test('a movable clock begins where it is told to, runs on, and can be moved forward', () => {
  let uptimeMs = 500;
  const clock = new MovableClock(START_MS, () => uptimeMs);
  expect(clock.micros).toBe(START_MS * 1_000);
  uptimeMs += 0.25;
  expect(clock.micros).toBe(START_MS * 1_000 + 250);
  clock.advance(86_400_000);
  expect(new Date(clock.micros / 1_000)).toEqual(new Date(Date.UTC(2030, 0, 2)));
});

test.each([-1, NaN, Infinity, 9e15])('it cannot be moved by %d ms, and stays where it is', (ms) => {
  const clock = new MovableClock(START_MS, () => 0);
  expect(() => {
    clock.advance(ms);
  }).toThrow(RangeError);
  expect(clock.micros).toBe(START_MS * 1_000);
});
