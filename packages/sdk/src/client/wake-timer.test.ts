import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WakeTimer } from './wake-timer.js';

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1_000);
});
afterEach(() => vi.useRealTimers());

test('wakes once, at the earliest moment asked for, and then at those it is told of', () => {
  const woken: number[] = [];
  const next = [1_500, Infinity];
  const timer = new WakeTimer((nowMs) => {
    woken.push(nowMs);
    return next.shift() ?? Infinity;
  });
  timer.wakeBy(1_300);
  timer.wakeBy(1_100);
  timer.wakeBy(1_200);
  vi.advanceTimersByTime(1_000);
  expect(woken).toEqual([1_100, 1_500]);
});

test('wakes for what it is asked while it is awake', () => {
  const woken: number[] = [];
  const timer = new WakeTimer((nowMs) => {
    woken.push(nowMs);
    if (woken.length === 1) timer.wakeBy(1_050);
    return 1_400;
  });
  timer.wakeBy(1_010);
  vi.advanceTimersByTime(100);
  expect(woken).toEqual([1_010, 1_050]);
  timer.stop();
  vi.advanceTimersByTime(1_000);
  expect(woken).toHaveLength(2);
});
