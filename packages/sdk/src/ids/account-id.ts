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
  const check = checkDigits(branch, serial);
  return `${branch}-${serial}-${check < 10 ? '0' : ''}${check}`;
}

/**
 * Reads an account id.
 *
 * @returns undefined if `id` is not exactly as {@link formatAccountId} writes it: leading zeros, spaces and wrong check
 *   digits included
 */
export function parseAccountId(id: string): AccountRef | undefined {
  const match = ACCOUNT_ID.exec(id);
  if (match === null) return undefined;
  const branch = Number(match[1]);
  const serial = Number(match[2]);
  return checkDigits(branch, serial) === Number(match[3]) ? { branch, serial } : undefined;
}

const ACCOUNT_ID = /^(0|[1-9]\d{0,3})-([1-9]\d{0,9})-(\d\d)$/;

/** 02 to 98, as in IBANs. The fourteen digits of branch and serial are below 2^53, so plain numbers are exact here. */
function checkDigits(branch: number, serial: number): number {
  return 98 - ((((branch * (SERIAL_MAX + 1) + serial) % 97) * 100) % 97);
}

/** Tells whether `branch` is a whole number from 0 to 9999. */
export function isBranchId(branch: number): boolean {
  return Number.isInteger(branch) && branch >= 0 && branch <= BRANCH_ID_MAX;
}
