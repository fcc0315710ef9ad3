import { expect, test } from 'vitest';
import { isCurrency, minorDigits } from './currency.js';

test.for(['USD', 'EUR', 'JPY', 'KWD', 'CHF', 'MGA', 'SLE'])('%s is a currency', (code) => {
  expect(isCurrency(code)).toBe(true);
});

test.for(['usd', 'US', 'USDT', 'XYZ', '', 'toString', '__proto__'])('%o is none', (code) => {
  expect(isCurrency(code)).toBe(false);
});

test.for<[string, number]>([
  ['USD', 2],
  ['JPY', 0],
  ['BHD', 3],
  ['CLF', 4],
  // Counted in fifths by hand, but with two decimal digits in ISO 4217.
  ['MGA', 2],
  ['MRU', 2],
])('%s has %i decimal digits', ([code, digits]) => {
  expect(minorDigits(code)).toBe(digits);
});

test('a code that is none has no digits', () => {
  expect(minorDigits('XYZ')).toBeUndefined();
});
