import * as currencies from 'dinero.js/currencies';

/**
 * Tells whether `code` is an ISO 4217 alphabetic code in use, in upper case. The list is that of `dinero.js`, which
 * follows ISO; `Intl` follows CLDR and differs in places.
 */
export function isCurrency(code: string): boolean {
  return minorDigitsByCode.has(code);
}

/**
 * How many decimal digits the minor unit of a currency has: 2 for USD, 0 for JPY, 3 for KWD.
 *
 * @returns undefined if `code` is no ISO 4217 currency
 */
export function minorDigits(code: string): number | undefined {
  return minorDigitsByCode.get(code);
}

/** dinero.js gives ariary and ouguiya base 5, as they are counted by hand; ISO 4217 lists two decimal digits. */
const DIGITS_WHERE_BASE_IS_NOT_TEN = 2;

const minorDigitsByCode: ReadonlyMap<string, number> = new Map(
  Object.values(currencies).map(({ code, base, exponent }) => [
    code,
    base === 10 ? exponent : DIGITS_WHERE_BASE_IS_NOT_TEN,
  ]),
);
