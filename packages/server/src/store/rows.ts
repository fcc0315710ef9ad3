import type { AccountRef } from '@giro/sdk/protocol';
import type { Change, Entry } from '../ledger/entry.js';
import { parseNotesText, type KeptNotes } from '../ledger/notes.js';
import type {
  AccountKind,
  AccountState,
  AccountStatus,
  BranchState,
  HoldState,
  HoldStatus,
} from '../ledger/state.js';
import type { KeptAccount } from './account-columns.js';
import type { PostingLinks } from './posting-chains.js';

/** A row of `branches`; the driver gives 64-bit numbers as text. */
export interface BranchRow {
  readonly branch_id: number;
  readonly position: string;
  readonly time_micros: string;
  readonly next_serial: string;
  readonly open_accounts: string;
  readonly closed: boolean;
  readonly head_hash: Buffer;
}

/** A row of `accounts`. */
export interface AccountRow {
  readonly branch_id: number;
  readonly serial: string;
  readonly kind: string;
  readonly customer: string | null;
  readonly peer_branch_id: number | null;
  readonly currency: string;
  readonly status: string;
  readonly overdraft_limit: string;
  readonly posted_debits: string;
  readonly posted_credits: string;
  readonly held_debits: string;
  readonly held_credits: string;
  readonly metadata: string | null;
  readonly position: string;
  readonly last_posting: string;
  readonly postings: string;
  readonly opened_micros: string;
}

/** A row of `holds`. */
export interface HoldRow {
  readonly branch_id: number;
  readonly hold_id: string;
  readonly debit_serial: string;
  readonly credit_serial: string;
  readonly amount: string;
  readonly currency: string;
  readonly expires_micros: string | null;
  readonly counterparty_branch: number | null;
  readonly counterparty_serial: string | null;
  readonly status: string;
  readonly captured: string | null;
  readonly resolved_by: string | null;
  readonly position: string;
  readonly placed_micros: string;
}

/** A row of `entries`, with the seal that covers it. */
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
  readonly hold_id: string | null;
  readonly held: string | null;
  readonly reversal_of: string | null;
  readonly group_id: string | null;
  readonly group_index: number | null;
  readonly actor: string | null;
  readonly notes: string | null;
  readonly notes_salt: Buffer | null;
  readonly notes_hash: Buffer | null;
  readonly detail: string | null;
  readonly debit_previous: string | null;
  readonly credit_previous: string | null;
  readonly digest: Buffer;
  /** From the join with `seals`; see {@link WITH_SEAL}. */
  readonly sealed_to?: string | null;
  readonly seal_hash?: Buffer | null;
}

/** What an entry is made of: not what it is found and checked by. */
export type ReadEntryRow = Omit<EntryRow, 'debit_previous' | 'credit_previous' | 'digest'>;

/** A row of `seals`. */
export interface SealRow {
  readonly branch_id: number;
  readonly last_position: string;
  readonly first_position: string;
  readonly root: Buffer;
  readonly hash: Buffer;
}

/** Joins each entry `e` with the seal that covers it. */
export const WITH_SEAL = `
  left join lateral (
    select s.last_position as sealed_to, s.hash as seal_hash from seals s
    where s.branch_id = e.branch_id and s.last_position >= e.position
    order by s.last_position limit 1
  ) as seal on true`;

export function branchFromRow(row: BranchRow): BranchState {
  return {
    id: row.branch_id,
    position: Number(row.position),
    timeMicros: Number(row.time_micros),
    nextSerial: Number(row.next_serial),
    openAccounts: Number(row.open_accounts),
    closed: row.closed,
    headHash: row.head_hash,
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
    status: row.status as AccountStatus,
    overdraftLimit: BigInt(row.overdraft_limit),
    postedDebits: BigInt(row.posted_debits),
    postedCredits: BigInt(row.posted_credits),
    heldDebits: BigInt(row.held_debits),
    heldCredits: BigInt(row.held_credits),
    metadata: row.metadata === null ? {} : (JSON.parse(row.metadata) as Record<string, string>),
    position: Number(row.position),
    openedMicros: Number(row.opened_micros),
  };
}

/** The account with the chain of its postings. */
export function keptAccountFromRow(row: AccountRow): KeptAccount {
  const chain = { last: Number(row.last_posting), count: Number(row.postings) };
  return { account: accountFromRow(row), chain };
}

export function linksFromRow({ debit_previous, credit_previous }: EntryRow): PostingLinks | undefined {
  if (debit_previous === null || credit_previous === null) return undefined;
  return { debit: Number(debit_previous), credit: Number(credit_previous) };
}

export function holdFromRow(row: HoldRow): HoldState {
  return {
    branch: row.branch_id,
    id: row.hold_id,
    debit: Number(row.debit_serial),
    credit: Number(row.credit_serial),
    amount: BigInt(row.amount),
    currency: row.currency,
    expiresMicros: row.expires_micros === null ? undefined : Number(row.expires_micros),
    counterparty: refFromRow(row),
    status: row.status as HoldStatus,
    captured: row.captured === null ? undefined : BigInt(row.captured),
    resolvedBy: row.resolved_by ?? undefined,
    position: Number(row.position),
    placedMicros: Number(row.placed_micros),
  };
}

export function entryFromRow(row: ReadEntryRow): Entry {
  return {
    branch: row.branch_id,
    position: Number(row.position),
    timeMicros: Number(row.time_micros),
    writeId: row.write_id,
    ordinal: row.ordinal,
    body: row.body ?? undefined,
    group: groupFromRow(row),
    actor: row.actor ?? undefined,
    notes: notesFromRow(row),
    change: changeFromRow(row),
    seal: sealFromRow(row),
  };
}

/** What the column `detail` holds of a change: everything of it that has no column of its own, as JSON. */
export function detailOf(change: Change): string | null {
  switch (change.kind) {
    case 'branchOpened':
    case 'branchClosed':
    case 'posting':
    case 'holdReleased':
    case 'holdExpired':
      return null;
    case 'holdPlaced':
      return change.expiresMicros === undefined ? null : String(change.expiresMicros);
    case 'overdraftLimitChanged':
      return JSON.stringify({ ...change, limit: change.limit.toString() });
    default:
      return JSON.stringify(change);
  }
}

function groupFromRow({ group_id: id, group_index: index }: ReadEntryRow): Entry['group'] {
  return id === null || index === null ? undefined : { id, index };
}

function notesFromRow({ notes, notes_salt: salt, notes_hash: hash }: ReadEntryRow): KeptNotes | undefined {
  if (hash === null) return undefined;
  if (notes === null || salt === null) return { hash, notes: undefined };
  return { hash, notes: { ...parseNotesText(notes), salt } };
}

function sealFromRow({ sealed_to: position, seal_hash: hash }: ReadEntryRow): Entry['seal'] {
  if (position === undefined || position === null || hash === undefined || hash === null) return undefined;
  return { position: Number(position), hash };
}

function refFromRow(
  row: Pick<ReadEntryRow, 'counterparty_branch' | 'counterparty_serial'>,
): AccountRef | undefined {
  const { counterparty_branch: branch, counterparty_serial: serial } = row;
  return branch === null || serial === null ? undefined : { branch, serial: Number(serial) };
}

function changeFromRow(row: ReadEntryRow): Change {
  switch (row.kind) {
    case 'branchOpened':
    case 'branchClosed':
      return { kind: row.kind };
    case 'posting':
      return postingFromRow(row);
    case 'holdPlaced': {
      const { debit_serial, credit_serial, amount, currency, detail } = row;
      return {
        kind: row.kind,
        ...{ debit: Number(debit_serial), credit: Number(credit_serial), amount: BigInt(amount ?? 0) },
        currency: currency ?? '',
        expiresMicros: detail === null ? undefined : Number(detail),
        counterparty: refFromRow(row),
      };
    }
    case 'holdReleased':
    case 'holdExpired': {
      const { debit_serial, credit_serial, amount, currency, hold_id } = row;
      return {
        kind: row.kind,
        hold: hold_id ?? '',
        ...{ debit: Number(debit_serial), credit: Number(credit_serial), amount: BigInt(amount ?? 0) },
        currency: currency ?? '',
      };
    }
    default:
      return detailFromRow(row);
  }
}

function postingFromRow(row: ReadEntryRow): Change {
  const { hold_id: hold, held } = row;
  return {
    kind: 'posting',
    debit: Number(row.debit_serial),
    credit: Number(row.credit_serial),
    amount: BigInt(row.amount ?? 0),
    currency: row.currency ?? '',
    debitBalance: BigInt(row.debit_balance ?? 0),
    creditBalance: BigInt(row.credit_balance ?? 0),
    counterparty: refFromRow(row),
    capture: hold === null || held === null ? undefined : { hold, held: BigInt(held) },
    reversalOf: row.reversal_of ?? undefined,
  };
}

function detailFromRow({ branch_id, position, kind, detail }: ReadEntryRow): Change {
  const change = detail === null ? undefined : (JSON.parse(detail, reviveLimit) as Change);
  if (change?.kind !== kind) {
    throw new Error(
      `the entry at position ${position} of branch ${branch_id} is damaged: no detail of a ${kind}`,
    );
  }
  return change;
}

/** JSON has no integers of 64 bits: a limit is kept as text. */
function reviveLimit(key: string, value: unknown): unknown {
  return key === 'limit' && typeof value === 'string' ? BigInt(value) : value;
}
