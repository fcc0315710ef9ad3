import { describe, expect, test } from 'vitest';
import { integerInput } from './integer-input.js';

const MAX = 2n ** 63n - 1n;

describe('a whole number', () => {
  const input = integerInput(-MAX, MAX, 'minor units', '25');

  test.each([
    ['0', 0n],
    [0, 0n],
    ['-7', -7n],
    [-7, -7n],
    [String(MAX), MAX],
    [String(-MAX), -MAX],
    [Number.MAX_SAFE_INTEGER, 2n ** 53n - 1n],
    [Number.MIN_SAFE_INTEGER, 1n - 2n ** 53n],
  ])('may be %j', (given, value) => {
    expect(input.parse(given)).toBe(value);
  });

  test.each([
    String(MAX + 1n),
    String(-MAX - 1n),
    2 ** 53,
    -(2 ** 53),
    1.5,
    '1.5',
    '-0',
    '07',
    '+7',
    ' 7',
    '',
    null,
  ])('may not be %j', (given) => {
    const [issue] = input.safeParse(given).error?.issues ?? [];
    expect(issue?.message).toMatch(
      /^must be minor units as a decimal string such as '25', or a safe integer: /,
    );
  });
});

test.each([
  [0n, '0', '-1'],
  [1n, '1', '0'],
])('from %d on, it may be %s and may not be %s', (minimum, least, less) => {
  const input = integerInput(minimum, 9n, 'a position', '1');
  expect(input.parse(least)).toBe(minimum);
  expect(input.parse(Number(least))).toBe(minimum);
  for (const wrong of [less, Number(less), '10', 10]) expect(input.safeParse(wrong).success).toBe(false);
});
