import { expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { AMOUNT_MAX } from '../limits.js';
import { formatMoney } from './format-money.js';
import { money } from './money.js';

test.for<[bigint, string, string, string]>([
  [123_450n, 'EUR', 'de-DE', '1.234,50 €'],
  [-50n, 'USD', 'en-US', '-$0.50'],
  [1_000n, 'JPY', 'ja-JP', '¥1,000'],
  [1_234n, 'KWD', 'en-US', 'KWD 1.234'],
  // Beyond what a float can hold.
  [AMOUNT_MAX, 'USD', 'en-US', '$92,233,720,368,547,758.07'],
  // CLDR would round these to no decimals.
  [12_345n, 'RSD', 'en-US', 'RSD 123.45'],
])('%o %s in %s is %s', ([amount, currency, locale, text]) => {
  const plainSpaces = formatMoney(money(amount, currency), locale).replace(/[\u00A0\u202F]/g, ' ');
  expect(plainSpaces.replace('￥', '¥')).toBe(text);
});

test('takes the options of Intl', () => {
  expect(formatMoney(money('5.00', 'USD'), 'en-US', { currencyDisplay: 'name' })).toBe('5.00 US dollars');
});

test('takes fewer or more decimals', () => {
  const amount = money('1234.50', 'USD');
  expect(formatMoney(amount, 'en-US', { maximumFractionDigits: 0 })).toBe('$1,235');
  expect(formatMoney(amount, 'en-US', { minimumFractionDigits: 3 })).toBe('$1,234.500');
});

test('refuses a currency that is none', () => {
  expect(() => formatMoney({ amount: 1n, currency: 'XYZ' })).toThrow(InvalidArgumentError);
});
