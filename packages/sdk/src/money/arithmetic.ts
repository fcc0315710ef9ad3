import { invalidField } from '../errors/failures.js';
import { show } from '../errors/show.js';
import { checkIsMoney, money, type Money } from './money.js';

/**
 * The sum of two amounts.
 *
 * @throws {@link InvalidArgumentError} if the currencies differ, or the sum does not fit into 64 bits
 * @example
 * addMoney(money('1.00', 'USD'), money('0.25', 'USD')); // 1.25 USD
 */
export function addMoney(a: Money, b: Money): Money {
  const currency = sameCurrency(a, b);
  return money(a.amount + b.amount, currency);
}

/**
 * What is left of `a` without `b`; less than zero if `b` is more.
 *
 * @throws {@link InvalidArgumentError} if the currencies differ, or the difference does not fit into 64 bits
 */
export function subtractMoney(a: Money, b: Money): Money {
  const currency = sameCurrency(a, b);
  return money(a.amount - b.amount, currency);
}

/**
 * For sorting: less than zero if `a` is less than `b`, zero if they are equal, more than zero otherwise.
 *
 * @throws {@link InvalidArgumentError} if the currencies differ
 */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0;
}

/**
 * Splits an amount by ratios so that nothing is lost: the parts add up to it exactly. Each minor unit that is left over
 * by rounding towards zero goes to one of the parts that were rounded, the first ones first.
 *
 * @param ratios - 1 to 10,000 whole numbers, zero or more and not all zero
 * @throws {@link InvalidArgumentError} for other ratios
 * @example
 * splitMoney(money('100.00', 'USD'), [1, 1, 1]); // 33.34, 33.33 and 33.33 USD
 */
export function splitMoney(whole: Money, ratios: readonly number[]): Money[] {
  const { amount, currency } = checkIsMoney(whole, 'amount');
  if (!Array.isArray(ratios))
    throw invalidField('ratios', `${show(ratios)} given; must be a list of whole numbers`);
  const weights = ratios.map((ratio, index) => checkRatio(ratio, `ratios[${index}]`));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weights.length > RATIOS_MAX || total === 0n) {
    throw invalidField('ratios', `must be 1 to ${RATIOS_MAX} whole numbers that are not all zero`);
  }
  const parts = weights.map((weight) => (amount * weight) / total);
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const unit = left < 0n ? -1n : 1n;
  return parts.map((part, index) => {
    const exact = (amount * (weights[index] ?? 0n)) % total === 0n;
    if (left === 0n || exact) return money(part, currency);
    left -= unit;
    return money(part + unit, currency);
  });
}

/** A payroll's worth of parts. */
const RATIOS_MAX = 10_000;

function checkRatio(ratio: unknown, field: string): bigint {
  if (typeof ratio === 'number' && Number.isSafeInteger(ratio) && ratio >= 0) return BigInt(ratio);
  throw invalidField(field, `${show(ratio)} given; must be a whole number, zero or more`);
}

function sameCurrency(a: Money, b: Money): string {
  checkIsMoney(a, 'a');
  checkIsMoney(b, 'b');
  if (a.currency === b.currency) return a.currency;
  throw invalidField(
    'currency',
    `${show(a.currency)} and ${show(b.currency)} do not mix; exchange one first`,
  );
}
