import { BRANCH_ID_MAX } from '../limits.js';

/** What an account id says: the branch that keeps the account, and the account's serial number there. */
export interface AccountRef {
  /** 0..9999 */
  readonly branch: number;
  /** 1..9,999,999,999 */
  readonly serial: number;
}

/** Serials have at most ten digits. */
export const SERIAL_MAX = 9_999_999_999;

/**
 * Writes an account id: `<branch>-<serial>-<check>`. The two check digits are ISO 7064 MOD 97-10 over the branch padded
 * to 4 digits and the serial padded to 10: a mistyped digit and two swapped ones always show, a moved hyphen in 96 cases
 * of 97.
 *
 * @example
 * formatAccountId({ branch: 17, serial: 1042 }); // '17-1042-02'
 */
export function formatAccountId({ branch, serial }: AccountRef): string {
  return `${branch}-${serial}${checkText(branch, serial)}`;
}

/**
 * Reads an account id.
 *
 * @returns undefined if `id` is not exactly as {@link formatAccountId} writes it: leading zeros, spaces and wrong check
 *   digits included
 */
export function parseAccountId(id: string): AccountRef | undefined {
  const branchEnd = id.indexOf('-');
  const serialEnd = id.length - CHECK_CHARS;
  const branch = wholeNumber(id, 0, branchEnd);
  const serial = wholeNumber(id, branchEnd + 1, serialEnd);
  if (!isBranchId(branch) || !(serial >= 1 && serial <= SERIAL_MAX)) return undefined;
  return id.endsWith(checkText(branch, serial)) ? { branch, serial } : undefined;
}

/** A hyphen and two digits. */
const CHECK_CHARS = 3;

/**
 * The number that is written from `start` to before `end`, by hand, since every transfer names two accounts and a pattern
 * makes four strings of each.
 *
 * @returns NaN for what is no number or has leading zeros
 */
function wholeNumber(text: string, start: number, end: number): number {
  if (end <= start || (end > start + 1 && text.charCodeAt(start) === ZERO)) return NaN;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

const ZERO = 0x30;

/** The end of an id, from the second hyphen on. */
function checkText(branch: number, serial: number): string {
  return checkTexts[checkDigits(branch, serial)] ?? '';
}

/** Made once. */
const checkTexts = Array.from({ length: 99 }, (_, check) => `-${String(check).padStart(2, '0')}`);

/** 02 to 98, as in IBANs. The fourteen digits of branch and serial are below 2^53, so plain numbers are exact here. */
function checkDigits(branch: number, serial: number): number {
  return 98 - ((((branch * (SERIAL_MAX + 1) + serial) % 97) * 100) % 97);
}

/** Tells whether `branch` is a whole number from 0 to 9999. */
export function isBranchId(branch: number): boolean {
  return Number.isInteger(branch) && branch >= 0 && branch <= BRANCH_ID_MAX;
}
