import { describe, expect, test } from 'vitest';
import { itemsToSend, REQUESTS_MAX, SLOTS } from './send-plan.js';

const bounds = { worthwhile: 100, itemsMax: 1_000 };
const items = (waiting: number, inFlight: number, stalled = false) =>
  itemsToSend({ waiting, inFlight, stalled }, bounds);

describe('itemsToSend', () => {
  test('is nothing if nothing waits', () => {
    expect(items(0, 0)).toBe(0);
    expect(items(0, 1, true)).toBe(0);
  });

  test('is at once all that makes no more than one worthwhile request, if nothing is in flight', () => {
    expect(items(1, 0)).toBe(1);
    expect(items(199, 0)).toBe(199);
  });

  test('is an even share of a crowd, for as many requests as there is room for', () => {
    expect(items(250, 0)).toBe(125);
    expect(items(2_001, 0)).toBe(501);
    expect(items(900, SLOTS - 2)).toBe(450);
  });

  test('lets few wait while others are in flight, and all if there is no room', () => {
    expect(items(99, 1)).toBe(0);
    expect(items(100, 1)).toBe(100);
    expect(items(10_000, SLOTS)).toBe(0);
  });

  test('is never more than a request holds', () => {
    expect(items(10_000, 0)).toBe(1_000);
  });

  test('goes on past answers that are held up, up to a bound', () => {
    expect(items(1, 1, true)).toBe(1);
    expect(items(5, SLOTS, true)).toBe(5);
    expect(items(5, REQUESTS_MAX, true)).toBe(0);
  });
});
