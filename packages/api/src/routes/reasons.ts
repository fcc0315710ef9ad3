import type { Reason } from '@giro/sdk';

/** What any read of the bank can meet. */
export const READ_REASONS = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL'] as const satisfies Reason[];

/** What any write can meet. */
export const WRITE_REASONS = [...READ_REASONS, 'OVERLOADED', 'OUTCOME_UNKNOWN'] as const satisfies Reason[];

/** What any write with an id can meet, its preconditions included. */
export const KEYED_WRITE_REASONS = [
  ...WRITE_REASONS,
  'ID_REUSED',
  'ABANDONED',
  'PRECONDITION_FAILED',
  'ACCOUNT_NOT_FOUND',
  'REFUSED',
] as const satisfies Reason[];

/** What any write in the books of a branch can meet. */
export const BRANCH_WRITE_REASONS = [
  ...KEYED_WRITE_REASONS,
  'BRANCH_NOT_FOUND',
  'BRANCH_CLOSED',
] as const satisfies Reason[];

/** What any write that debits or credits accounts can meet. */
export const POSTING_REASONS = [
  ...BRANCH_WRITE_REASONS,
  'ACCOUNT_CLOSED',
  'BALANCE_OVERFLOW',
] as const satisfies Reason[];

/** What any write can meet that moves money between accounts that it names. */
export const MOVE_REASONS = [...POSTING_REASONS, 'CURRENCY_MISMATCH'] as const satisfies Reason[];

/** What it can meet beside, if it takes from an account. */
export const DEBIT_REASONS = ['INSUFFICIENT_FUNDS', 'ACCOUNT_FROZEN'] as const satisfies Reason[];

/** What the end of a hold can meet. */
export const HOLD_REASONS = [
  'HOLD_NOT_FOUND',
  'HOLD_CAPTURED',
  'HOLD_RELEASED',
  'HOLD_EXPIRED',
] as const satisfies Reason[];

/** What a reversal can meet. */
export const REVERSAL_REASONS = [
  ...POSTING_REASONS,
  ...DEBIT_REASONS,
  'INSUFFICIENT_CASH',
  'ORIGINAL_NOT_FOUND',
  'ALREADY_REVERSED',
  'NOT_REVERSIBLE',
] as const satisfies Reason[];
