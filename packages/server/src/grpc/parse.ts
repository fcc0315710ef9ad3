import {
  isBranchId,
  isCurrency,
  isInternal,
  normalizeWriteId,
  parseAccountId,
  parseInternalSerial,
  AMOUNT_MAX,
  BRANCH_ID_MAX,
  CUSTOMER_ID_LENGTH_MAX,
  type AccountRef,
  type InternalKind,
  type Money,
} from '@giro/sdk/protocol';
import { SEED_CUSTOMER_PREFIX } from '../ledger/seed-customer.js';
import { RequestError } from '../request-error.js';

/** The refusal of one field: which, and what is wrong with it. */
export function invalid(field: string, problem: string): RequestError {
  return new RequestError('INVALID_FIELD', { field, problem });
}

/** A UUID of any version, in lower case. */
export function parseWriteId(id: string, field: string): string {
  const normalized = normalizeWriteId(id);
  if (normalized === undefined) throw invalid(field, id === '' ? 'is missing' : 'is no UUID');
  return normalized;
}

/** A branch id, 0..9999. Zero is a branch, so absence is told apart from it. */
export function parseBranch(branch: number | undefined, field: string): number {
  if (branch === undefined) throw invalid(field, 'is missing');
  if (!isBranchId(branch)) throw invalid(field, `must be a whole number from 0 to ${BRANCH_ID_MAX}`);
  return branch;
}

/** Any account's id. */
export function parseAccount(id: string, field: string): AccountRef {
  if (id === '') throw invalid(field, 'is missing');
  const ref = parseAccountId(id);
  if (ref === undefined) {
    throw invalid(
      field,
      'is no account id; it may be mistyped, since its check digits or its form are wrong',
    );
  }
  return ref;
}

/** A customer's account: the bank's own move by rules of their own only (R7). */
export function parseCustomerAccount(id: string, field: string): AccountRef {
  const ref = parseAccount(id, field);
  if (isInternal(ref))
    throw invalid(field, "is one of the bank's own accounts, which customers' writes cannot name");
  return ref;
}

/** An account that the bank's operators may name: a customer's, or exchange, income and expense (R7). */
export function parseOperatedAccount(id: string, field: string): AccountRef {
  const ref = parseAccount(id, field);
  const internal = isInternal(ref) ? parseInternalSerial(ref.serial) : undefined;
  if (isInternal(ref) && (internal === undefined || !OPERATED.has(internal.kind))) {
    throw invalid(field, "must be a customer's account, or the bank's exchange, income or expense");
  }
  return ref;
}

const OPERATED: ReadonlySet<InternalKind> = new Set(['exchange', 'income', 'expense'] as const);

/** A place in a journal, 0 or more. */
export function parsePosition(position: bigint, field: string): number {
  if (position < 0n || position > Number.MAX_SAFE_INTEGER) {
    throw invalid(field, `must be a position from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return Number(position);
}

/** Text for people or programs: anything that UTF-8 carries, and no control characters. */
export function parseText(text: string, field: string, lengthMax: number): string {
  if (text.length > lengthMax) throw invalid(field, `is longer than ${lengthMax} characters`);
  if (UNPRINTABLE.test(text)) throw invalid(field, 'has control characters, or bytes that were not UTF-8');
  return text;
}

/** Control characters, halves of surrogate pairs, and U+FFFD, which stands for any byte that was not UTF-8. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\uFFFD]/u;

/** An amount of at least `min` minor units. */
export function parseMoney(money: Money | undefined, field: string, min: bigint): Money {
  if (money === undefined) throw invalid(field, 'is missing');
  const { amount, currency } = money;
  parseCurrency(currency, `${field}.currency`);
  if (amount < min || amount > AMOUNT_MAX) {
    throw invalid(`${field}.amount`, `must be from ${min} to ${AMOUNT_MAX} minor units`);
  }
  return money;
}

/** An ISO 4217 alphabetic code. */
export function parseCurrency(currency: string, field: string): string {
  if (currency === '') throw invalid(field, 'is missing');
  if (!isCurrency(currency)) throw invalid(field, "is no ISO 4217 currency code such as 'USD'");
  return currency;
}

/** A customer id that a client may choose. */
export function parseCustomer(customer: string, field: string): string {
  if (customer === '') throw invalid(field, 'is missing');
  if (customer.startsWith(SEED_CUSTOMER_PREFIX)) {
    throw invalid(
      field,
      `must not start with '${SEED_CUSTOMER_PREFIX}', which is kept for the seed's customers`,
    );
  }
  return wellFormedCustomer(customer, field);
}

/** The customer whose accounts are asked for, a customer of the seed's too; undefined for everybody's. */
export function parseCustomerFilter(customer: string, field: string): string | undefined {
  return customer === '' ? undefined : wellFormedCustomer(customer, field);
}

function wellFormedCustomer(customer: string, field: string): string {
  if (customer.length > CUSTOMER_ID_LENGTH_MAX) {
    throw invalid(field, `is longer than ${CUSTOMER_ID_LENGTH_MAX} characters`);
  }
  if (!PRINTABLE.test(customer) || customer !== customer.trim()) {
    throw invalid(field, 'must be printable, without white space at its ends');
  }
  return customer;
}

/**
 * Nothing that cannot be seen, since two ids must not look alike: no control, format, surrogate or unassigned
 * characters, no line ends, no fillers; nor U+FFFD, which stands for any byte that was not UTF-8.
 */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFD]+$/u;
