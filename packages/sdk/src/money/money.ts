import { AMOUNT_MAX } from '../limits.js';
import { invalidField } from '../errors/failures.js';
import { show } from '../errors/show.js';
import { minorDigits } from './currency.js';

/** An amount of one currency in minor units (cents for USD, yen for JPY). Never a float. */
export interface Money {
  /** Minor units, within 64 signed bits. */
  readonly amount: bigint;
  /** ISO 4217 alphabetic code, upper case. */
  readonly currency: string;
}

/**
 * Makes {@link Money} from what people write or programs hold.
 *
 * @param amount - a decimal string in major units with exactly the currency's number of decimals (`'100.00'` USD,
 *   `'100'` JPY), or a bigint in minor units
 * @param currency - ISO 4217 alphabetic code
 * @throws {@link InvalidArgumentError} for an unknown currency, a number (floats lose money), a wrong number of
 *   decimals, or an amount beyond 64 bits
 * @example
 * money('100.00', 'USD').amount; // 10000n
 * money(10000n, 'USD').amount;   // 10000n
 */
export function money(amount: string | bigint, currency: string): Money {
  const digits = minorDigits(currency);
  if (digits === undefined) {
    throw invalidField('currency', `${show(currency)} is no ISO 4217 currency code such as 'USD'`);
  }
  return Object.freeze({ amount: inRange(minorUnits(amount, currency, digits)), currency });
}

/**
 * The amount in major units as a decimal string, with the currency's number of decimals.
 *
 * @throws {@link InvalidArgumentError} for an unknown currency
 * @example
 * toDecimal({ amount: 2550n, currency: 'USD' }); // '25.50'
 */
export function toDecimal(value: Money): string {
  const { amount, currency } = checkIsMoney(value, 'amount');
  const digits = minorDigits(currency);
  if (digits === undefined) {
    throw invalidField('currency', `${show(currency)} is no ISO 4217 currency code such as 'USD'`);
  }
  const sign = amount < 0n ? '-' : '';
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Callers in plain JavaScript have no compiler to stop them. @throws {@link InvalidArgumentError} */
export function checkIsMoney(value: unknown, field: string): Money {
  if (typeof value === 'object' && value !== null) {
    const { amount, currency } = value as Partial<Money>;
    if (typeof amount === 'bigint' && typeof currency === 'string') return value as Money;
  }
  throw invalidField(field, `${show(value)} is no money; money() makes it`);
}

function minorUnits(amount: unknown, currency: string, digits: number): bigint {
  if (typeof amount === 'bigint') return amount;
  if (typeof amount !== 'string') {
    throw invalidField(
      'amount',
      `${show(amount)} is a ${typeof amount}; write major units as a string or minor units as a bigint`,
    );
  }
  const [whole = '', decimals = '', ...rest] = amount.split('.');
  const wellFormed = /^-?\d{1,19}$/.test(whole) && /^\d*$/.test(decimals) && rest.length === 0;
  if (!wellFormed || decimals.length !== digits || (digits === 0 && amount.includes('.'))) {
    const example = digits === 0 ? '100' : `100.${'0'.repeat(digits)}`;
    throw invalidField('amount', `${show(amount)} is no ${currency} amount; write it like '${example}'`);
  }
  return BigInt(whole + decimals);
}

function inRange(amount: bigint): bigint {
  if (amount > AMOUNT_MAX || amount < -AMOUNT_MAX - 1n) {
    throw invalidField('amount', `${amount} does not fit into 64 bits`);
  }
  return amount;
}
