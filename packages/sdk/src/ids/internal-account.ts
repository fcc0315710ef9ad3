import { formatAccountId, type AccountRef } from './account-id.js';

/** The accounts a bank owns itself, per branch and currency; `interbranch` also per other branch. */
export type InternalKind = 'vault' | 'capital' | 'interbranch' | 'exchange' | 'income' | 'expense';

/** Which internal account: of which branch, kind and currency, and for `interbranch`, towards which other branch. */
export interface InternalAccount {
  readonly branch: number;
  readonly kind: InternalKind;
  /** ISO 4217 alphabetic code, upper case. */
  readonly currency: string;
  /** The other branch, for `interbranch` only. */
  readonly peerBranch?: number;
}

/** Serials from here on are internal accounts'; customers' accounts count up from 1 and stay below. */
export const INTERNAL_SERIAL_MIN = 4_000_000_000;

/**
 * The serial of an internal account. It is computed, not handed out, so that nobody has to look it up or agree on it:
 * one digit for the kind, five for the currency, four for the other branch.
 */
export function internalSerial({ kind, currency, peerBranch = 0 }: Omit<InternalAccount, 'branch'>): number {
  return FIRST_SERIAL[kind] + currencyNumber(currency) * BRANCHES + peerBranch;
}

/** Reads {@link internalSerial} back. @returns undefined if no internal account can have the serial */
export function parseInternalSerial(serial: number): Omit<InternalAccount, 'branch'> | undefined {
  const kind = KINDS.find((each) => serial >= FIRST_SERIAL[each]);
  if (kind === undefined) return undefined;
  const offset = serial - FIRST_SERIAL[kind];
  const currency = currencyOf(Math.floor(offset / BRANCHES));
  const peerBranch = offset % BRANCHES;
  if (currency === undefined) return undefined;
  if (kind === 'interbranch') return { kind, currency, peerBranch };
  return peerBranch === 0 ? { kind, currency } : undefined;
}

/** The account id of an internal account, such as a branch's vault. */
export function internalAccountId(account: InternalAccount): string {
  return formatAccountId({ branch: account.branch, serial: internalSerial(account) });
}

/** Tells whether the bank itself owns the account. */
export function isInternal({ serial }: Pick<AccountRef, 'serial'>): boolean {
  return serial >= INTERNAL_SERIAL_MIN;
}

const FIRST_SERIAL: Record<InternalKind, number> = {
  vault: INTERNAL_SERIAL_MIN,
  capital: 5_000_000_000,
  interbranch: 6_000_000_000,
  exchange: 7_000_000_000,
  income: 8_000_000_000,
  expense: 9_000_000_000,
};

/** The kind with the highest serials first. */
const KINDS = ['expense', 'income', 'exchange', 'interbranch', 'capital', 'vault'] as const;

const BRANCHES = 10_000;

const LETTERS = 26;

const CURRENCIES = LETTERS ** 3;

/** AAA is 0, ZZZ is 17575. */
function currencyNumber(currency: string): number {
  let number = 0;
  for (const letter of currency) number = number * LETTERS + (letter.charCodeAt(0) - 65);
  return number;
}

function currencyOf(number: number): string | undefined {
  if (number >= CURRENCIES) return undefined;
  const letter = (place: number) =>
    String.fromCharCode(65 + (Math.floor(number / LETTERS ** place) % LETTERS));
  return letter(2) + letter(1) + letter(0);
}
