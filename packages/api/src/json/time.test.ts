import { expect, test } from 'vitest';
import { timeSchema, toTimeJson } from './time.js';

test.each([
  [0n, '1970-01-01T00:00:00.000000Z'],
  [1n, '1970-01-01T00:00:00.000001Z'],
  [1_700_000_000_123_456n, '2023-11-14T22:13:20.123456Z'],
  [1_700_000_000_000_050n, '2023-11-14T22:13:20.000050Z'],
])('%d microseconds are %s', (micros, text) => {
  expect(toTimeJson(micros)).toBe(text);
  expect(timeSchema.parse(text)).toBe(text);
});
