import type { AccountState } from '../ledger/state.js';
import { accountFromRow, type AccountRow } from './rows.js';

/**
 * The database's clock, microseconds since 1970, as a query that begins now reads it: unlike `clock_timestamp()` it
 * stands still during the query, so that an index can be searched by it.
 */
export const CLOCK_MICROS = '(extract(epoch from statement_timestamp()) * 1000000)::bigint';

/**
 * Tells whether hold `h` is due: any write to its branch from now on is later than the branch's last entry (R8), and
 * finds the hold expired.
 *
 * @param lastMicros - the time of the branch's last entry
 */
export function isDue(lastMicros: string): string {
  return `(h.status = 'held' and h.expires_micros <= greatest(${CLOCK_MICROS}, ${lastMicros} + 1))`;
}

/** What the holds that are due still reserve in the stored counters of account `a` in branch `b`. */
export const DUE_COLUMNS = `${dueOn('debit')} as due_debits, ${dueOn('credit')} as due_credits`;

/** A row of `accounts`, and {@link DUE_COLUMNS}. */
export interface AccountNowRow extends AccountRow {
  readonly due_debits: string | null;
  readonly due_credits: string | null;
}

/** The account as a write that is decided now would find it: the next write to its branch frees what is due. */
export function accountNowFromRow(row: AccountNowRow): AccountState {
  const account = accountFromRow(row);
  return {
    ...account,
    heldDebits: account.heldDebits - BigInt(row.due_debits ?? 0),
    heldCredits: account.heldCredits - BigInt(row.due_credits ?? 0),
  };
}

function dueOn(side: 'debit' | 'credit'): string {
  return `(
    select sum(h.amount) from holds h
    where h.branch_id = a.branch_id and h.${side}_serial = a.serial and a.held_${side}s > 0 and ${isDue('b.time_micros')}
  )`;
}
