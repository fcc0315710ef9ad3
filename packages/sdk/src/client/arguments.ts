import { invalidField, type InvalidArgumentError } from '../errors/failures.js';
import { show } from '../errors/show.js';
import type { JournalHead as WireHead } from '../gen/giro/v1/receipt.js';
import { isBranchId, parseAccountId } from '../ids/account-id.js';
import { newWriteId, normalizeWriteId } from '../ids/write-id.js';
import { AMOUNT_MAX, CUSTOMER_ID_LENGTH_MAX, PAGE_SIZE_MAX } from '../limits.js';
import { isCurrency } from '../money/currency.js';
import type { Money } from '../money/money.js';
import type { CallOptions } from './options.js';

/**
 * Checks of what callers pass, before anything is sent. They take `unknown`, since callers in plain JavaScript have no
 * compiler to stop them. `field` is the path that the error names.
 */

/** The fields of a parameter object. */
export function checkFields(params: unknown, field = 'params'): Readonly<Record<string, unknown>> {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw mustBe(field, 'an object', params);
  }
  return params as Readonly<Record<string, unknown>>;
}

/**
 * Like {@link checkFields}, for parameters that may stand inside others.
 *
 * @param at - where they stand, such as `commands[3].deposit`; empty for the argument itself
 * @returns the fields, and how an error names one of them
 */
export function openParams(params: unknown, at = ''): OpenParams {
  return at === ''
    ? { fields: checkFields(params), path: itself }
    : { fields: checkFields(params, at), path: (field) => `${at}.${field}` };
}

function itself(field: string): string {
  return field;
}

export interface OpenParams {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly path: (field: string) => string;
}

export function checkBranch(branch: unknown, field = 'branch'): number {
  if (typeof branch !== 'number' || !isBranchId(branch)) {
    throw mustBe(field, 'a whole number from 0 to 9999', branch);
  }
  return branch;
}

/** @returns the id, and the branch in it */
export function checkAccount(account: unknown, field: string): { id: string; branch: number } {
  if (typeof account !== 'string') throw mustBe(field, "an account id such as '17-1042-02'", account);
  const ref = parseAccountId(account);
  if (ref === undefined) {
    throw invalidField(field, `${show(account)} is no account id: its form or its check digits are wrong`);
  }
  return { id: account, branch: ref.branch };
}

/** An amount to move is more than zero; an initial balance may be zero. */
export function checkMoney(money: unknown, field: string, amountMin: 0n | 1n = 1n): Money {
  const { amount, currency } = checkFields(money, field);
  if (typeof amount !== 'bigint') {
    throw mustBe(`${field}.amount`, 'a bigint in minor units; money() makes it', amount);
  }
  if (amount < amountMin || amount > AMOUNT_MAX) {
    throw mustBe(`${field}.amount`, `from ${amountMin} to ${AMOUNT_MAX} minor units`, amount);
  }
  return { amount, currency: checkCurrency(currency, `${field}.currency`) };
}

export function checkCurrency(currency: unknown, field = 'currency'): string {
  if (typeof currency !== 'string' || !isCurrency(currency)) {
    throw mustBe(field, "an ISO 4217 currency code such as 'USD'", currency);
  }
  return currency;
}

export function checkCustomer(customer: unknown, field = 'customer'): string {
  const wellFormed =
    typeof customer === 'string' &&
    customer.length >= 1 &&
    customer.length <= CUSTOMER_ID_LENGTH_MAX &&
    PRINTABLE.test(customer) &&
    customer === customer.trim();
  if (!wellFormed) {
    const wanted = `1 to ${CUSTOMER_ID_LENGTH_MAX} printable characters, without white space at the ends`;
    throw mustBe(field, wanted, customer);
  }
  return customer;
}

/** The id of a write in lower case; a new one if there is none. */
export function checkWriteId(id: unknown, field = 'id'): string {
  return id === undefined ? newWriteId() : checkUuid(id, field);
}

export function checkUuid(id: unknown, field = 'id'): string {
  const normalized = typeof id === 'string' ? normalizeWriteId(id) : undefined;
  if (normalized === undefined) throw mustBe(field, 'a UUID; newWriteId() makes one', id);
  return normalized;
}

export function checkWhole(value: unknown, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw mustBe(field, `a whole number from ${min} to ${max}`, value);
  }
  return value;
}

export function checkBigint(value: unknown, field: string, min: bigint, max = AMOUNT_MAX): bigint {
  if (typeof value !== 'bigint' || value < min || value > max) {
    throw mustBe(field, `a bigint from ${min} to ${max}`, value);
  }
  return value;
}

/** The place of an entry in a journal. */
export function checkPosition(position: unknown, field = 'position'): bigint {
  if (typeof position !== 'bigint' || position < 1n || position > AMOUNT_MAX) {
    throw mustBe(field, 'a position as a bigint, 1n or more', position);
  }
  return position;
}

/** A seal that the caller has kept. */
export function checkSeal(seal: unknown, field = 'seal'): WireHead | undefined {
  if (seal === undefined) return undefined;
  const { position, hash } = checkFields(seal, field);
  if (!(hash instanceof Uint8Array) || hash.length !== HASH_BYTES) {
    throw mustBe(`${field}.hash`, `a Uint8Array of ${HASH_BYTES} bytes`, hash);
  }
  return { position: checkPosition(position, `${field}.position`), hash: Buffer.from(hash) };
}

/** Between `min` and `max` items, each checked by itself. */
export function checkItems<T>(
  items: unknown,
  field: string,
  { min, max }: { readonly min: number; readonly max: number },
  checkItem: (item: unknown, field: string) => T,
): T[] {
  if (!Array.isArray(items)) throw mustBe(field, 'an array', items);
  if (items.length < min || items.length > max) {
    throw invalidField(field, `${items.length} items given; must be ${min} to ${max}`);
  }
  return items.map((item: unknown, index) => checkItem(item, `${field}[${index}]`));
}

/** Text for people or programs, between `min` and `max` UTF-16 code units long. */
export function checkText(
  text: unknown,
  field: string,
  { min = 0, max }: { min?: number; max: number },
): string {
  const fits = typeof text === 'string' && text.length >= min && text.length <= max;
  if (!fits || UNPRINTABLE.test(text)) {
    throw mustBe(field, `a text of ${min} to ${max} characters, without control characters`, text);
  }
  return text;
}

/** A journal position already seen; 0n for none. */
export function checkAfter(after: unknown): bigint {
  if (after === undefined) return 0n;
  if (typeof after !== 'bigint' || after < 0n || after > AMOUNT_MAX) {
    throw mustBe('after', 'a position as a bigint, 0n or more', after);
  }
  return after;
}

/** @returns 0, which leaves it to the server, if there is none */
export function checkPageSize(pageSize: unknown): number {
  return pageSize === undefined ? 0 : checkWhole(pageSize, 'pageSize', 1, PAGE_SIZE_MAX);
}

export function checkPageToken(pageToken: unknown): string {
  if (pageToken === undefined) return '';
  if (typeof pageToken !== 'string') throw mustBe('pageToken', 'the nextPageToken of a page', pageToken);
  return pageToken;
}

export function checkOneOf<const T extends string>(value: unknown, field: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw mustBe(field, allowed.map((each) => `'${each}'`).join(' or '), value);
  return found;
}

export function checkBoolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw mustBe(field, 'true or false', value);
  return value;
}

export function checkCallOptions(options: unknown): {
  signal: AbortSignal | undefined;
  timeoutMs: number | undefined;
} {
  const { signal, timeoutMs } = checkFields(options, 'options') satisfies Partial<
    Record<keyof CallOptions, unknown>
  >;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw mustBe('options.signal', 'an AbortSignal', signal);
  }
  return { signal, timeoutMs: checkTimeout(timeoutMs, 'options.timeoutMs') };
}

export function checkTimeout(timeoutMs: unknown, field: string): number | undefined {
  return timeoutMs === undefined ? undefined : checkWhole(timeoutMs, field, 1, TIMEOUT_MS_MAX);
}

/** SHA-256 */
const HASH_BYTES = 32;

/** The longest that a timer of Node.js takes: about 25 days. */
export const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/** No control, format or unassigned characters, and no halves of surrogate pairs, which UTF-8 cannot carry. */
const PRINTABLE = /^\P{C}+$/u;

/** Control characters, halves of surrogate pairs, and U+FFFD, which stands for what was no text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\uFFFD]/u;

export function mustBe(field: string, wanted: string, given: unknown): InvalidArgumentError {
  const wrong = given === undefined ? 'missing' : `${show(given)} given`;
  return invalidField(field, `${wrong}; must be ${wanted}`);
}

/** By its form, not its class: test runners and polyfills bring classes of their own. */
function isAbortSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}
