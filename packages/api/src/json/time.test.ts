import { expect, test } from 'vitest';
import { timeInput, timeSchema, toTimeJson } from './time.js';

test.each([
  [0n, '1970-01-01T00:00:00.000000Z'],
  [1n, '1970-01-01T00:00:00.000001Z'],
  [1_700_000_000_123_456n, '2023-11-14T22:13:20.123456Z'],
  [1_700_000_000_000_050n, '2023-11-14T22:13:20.000050Z'],
  [253_402_300_799_999_999n, '9999-12-31T23:59:59.999999Z'],
])('%d microseconds are %s, both ways', (micros, text) => {
  expect(toTimeJson(micros)).toBe(text);
  expect(timeSchema.parse(text)).toBe(text);
  expect(timeInput.parse(text)).toBe(micros);
});

test.each([
  ['2023-11-14T22:13:20Z', 1_700_000_000_000_000n],
  ['2023-11-14T22:13:20.5Z', 1_700_000_000_500_000n],
  ['2023-11-15T00:13:20.000001+02:00', 1_700_000_000_000_001n],
])('%s is a time', (text, micros) => {
  expect(timeInput.parse(text)).toBe(micros);
});

test.each([
  '2023-11-14',
  '2023-11-14T22:13:20',
  '2023-02-30T00:00:00Z',
  '2023-11-14T24:00:00Z',
  '2023-11-14T22:13:20.1234567Z',
  '1969-12-31T23:59:59.999999Z',
  '1970-01-01T00:00:00+00:01',
  'yesterday',
  '',
  1_700_000_000_000,
  null,
])('%s is no time', (text) => {
  expect(timeInput.safeParse(text)).toMatchObject({
    success: false,
    error: { issues: [{ message: expect.stringContaining('must be a time from 1970 on') as string }] },
  });
});
