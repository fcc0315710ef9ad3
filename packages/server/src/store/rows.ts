import type { Change, Entry, Refusal } from '../ledger/entry.js';
import type { AccountKind, AccountState, BranchState } from '../ledger/state.js';

/** A row of `branches`; the driver gives 64-bit numbers as text. */
export interface BranchRow {
  readonly branch_id: number;
  readonly position: string;
  readonly time_micros: string;
  readonly next_serial: string;
}

/** A row of `accounts`. */
export interface AccountRow {
  readonly branch_id: number;
  readonly serial: string;
  readonly kind: string;
  readonly customer: string | null;
  readonly peer_branch_id: number | null;
  readonly currency: string;
  readonly posted_debits: string;
  readonly posted_credits: string;
  readonly position: string;
  readonly opened_micros: string;
}

/** A row of `entries`. */
export interface EntryRow {
  readonly branch_id: number;
  readonly position: string;
  readonly time_micros: string;
  readonly write_id: string;
  readonly ordinal: number;
  readonly kind: string;
  readonly body: string | null;
  readonly debit_serial: string | null;
  readonly credit_serial: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly debit_balance: string | null;
  readonly credit_balance: string | null;
  readonly counterparty_branch: number | null;
  readonly counterparty_serial: string | null;
  readonly detail: string | null;
}

export function branchFromRow(row: BranchRow): BranchState {
  return {
    id: row.branch_id,
    position: Number(row.position),
    timeMicros: Number(row.time_micros),
    nextSerial: Number(row.next_serial),
  };
}

export function accountFromRow(row: AccountRow): AccountState {
  return {
    branch: row.branch_id,
    serial: Number(row.serial),
    kind: row.kind as AccountKind,
    customer: row.customer ?? undefined,
    peerBranch: row.peer_branch_id ?? undefined,
    currency: row.currency,
    postedDebits: BigInt(row.posted_debits),
    postedCredits: BigInt(row.posted_credits),
    position: Number(row.position),
    openedMicros: Number(row.opened_micros),
  };
}

export function entryFromRow(row: EntryRow): Entry {
  return {
    branch: row.branch_id,
    position: Number(row.position),
    timeMicros: Number(row.time_micros),
    writeId: row.write_id,
    ordinal: row.ordinal,
    body: row.body ?? undefined,
    change: changeFromRow(row),
  };
}

/** What the column `detail` holds of a change: everything of it that has no column of its own, as JSON. */
export function detailOf(change: Change): string | null {
  if (change.kind === 'accountOpened' || change.kind === 'refusal') return JSON.stringify(change);
  return null;
}

function changeFromRow(row: EntryRow): Change {
  if (row.kind === 'branchOpened') return { kind: 'branchOpened' };
  if (row.kind === 'posting') return postingFromRow(row);
  return detailFromRow(row);
}

function postingFromRow(row: EntryRow): Change {
  const { counterparty_branch: branch, counterparty_serial: serial } = row;
  return {
    kind: 'posting',
    debit: Number(row.debit_serial),
    credit: Number(row.credit_serial),
    amount: BigInt(row.amount ?? 0),
    currency: row.currency ?? '',
    debitBalance: BigInt(row.debit_balance ?? 0),
    creditBalance: BigInt(row.credit_balance ?? 0),
    counterparty: branch === null || serial === null ? undefined : { branch, serial: Number(serial) },
  };
}

function detailFromRow({ branch_id, position, kind, detail }: EntryRow): Change {
  const change = detail === null ? undefined : (JSON.parse(detail) as Change & { refusal?: Refusal });
  if (change?.kind === kind) return change;
  throw new Error(
    `the entry at position ${position} of branch ${branch_id} is damaged: no detail of a ${kind}`,
  );
}
