import { minorDigits } from './currency.js';
import { toDecimal, type Money } from './money.js';

/**
 * An amount for people, by `Intl`: exact, whatever its size, with as many decimals as ISO 4217 gives the currency.
 *
 * @param locales - as `Intl.NumberFormat` takes them; by default the system's
 * @param options - further ones of `Intl.NumberFormat`, such as `{ currencyDisplay: 'code' }`
 * @throws {@link InvalidArgumentError} for an unknown currency; RangeError for a locale that is none
 * @example
 * formatMoney(money('1234.50', 'EUR'), 'de-DE'); // '1.234,50 €'
 */
export function formatMoney(
  amount: Money,
  locales?: string | readonly string[],
  options?: Omit<Intl.NumberFormatOptions, 'style' | 'currency'>,
): string {
  // A decimal string is formatted to its last digit; a number would be rounded to fifteen of them.
  const decimal = toDecimal(amount) as `${number}`;
  const digits = minorDigits(amount.currency);
  const format = new Intl.NumberFormat(locales === undefined ? undefined : [locales].flat(), {
    // Whoever asks for fewer decimals at most does not want more at least.
    minimumFractionDigits: Math.min(digits ?? 0, options?.maximumFractionDigits ?? Infinity),
    maximumFractionDigits: Math.max(digits ?? 0, options?.minimumFractionDigits ?? 0),
    ...options,
    style: 'currency',
    currency: amount.currency,
  });
  return format.format(decimal);
}
