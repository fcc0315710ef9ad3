import type { HoldState } from '../ledger/state.js';
import { amount, bigint, column, int, text, uuid, type Column } from './columns.js';

export const HOLD_KEYS: readonly Column<HoldState>[] = [
  column('branch_id', int, ({ branch }) => branch),
  column('hold_id', uuid, ({ id }) => id),
];

/** What can change of a hold. */
export const CHANGING_HOLD_COLUMNS: readonly Column<HoldState>[] = [
  column('status', text, ({ status }) => status),
  column('captured', amount, ({ captured }) => captured),
  column('resolved_by', uuid, ({ resolvedBy }) => resolvedBy),
];

/** The columns of `holds`. */
export const HOLD_COLUMNS: readonly Column<HoldState>[] = [
  ...HOLD_KEYS,
  ...CHANGING_HOLD_COLUMNS,
  column('debit_serial', bigint, ({ debit }) => debit),
  column('credit_serial', bigint, ({ credit }) => credit),
  column('amount', amount, (hold) => hold.amount),
  column('currency', text, ({ currency }) => currency),
  column('expires_micros', bigint, ({ expiresMicros }) => expiresMicros),
  column('counterparty_branch', int, ({ counterparty }) => counterparty?.branch),
  column('counterparty_serial', bigint, ({ counterparty }) => counterparty?.serial),
  column('position', bigint, ({ position }) => position),
  column('placed_micros', bigint, ({ placedMicros }) => placedMicros),
];
