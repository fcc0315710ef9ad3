import { INTERNAL_SERIAL_MIN, type AccountRef } from '@giro/sdk/protocol';
import type { Client } from 'pg';
import { Books } from '../ledger/books.js';
import { BranchMap } from '../ledger/branch-map.js';
import type { Command } from '../ledger/command.js';
import { needsOf } from '../ledger/needs.js';
import { NO_REFERENCES } from '../ledger/references.js';
import { isSelfContained } from '../ledger/self-contained.js';
import type { Connection } from './connection.js';
import { CLOCK_MICROS, type DatabaseClock } from './database-clock.js';
import type { KnownAccount, KnownBooks } from './known-books.js';
import { branchFromRow, keptAccountFromRow, type AccountRow, type BranchRow } from './rows.js';
import type { LoadedBooks } from './store.js';

/** What a batch needs, as it is remembered: to be written under the fence of each of the branches. */
export interface Recalled extends LoadedBooks {
  readonly branches: readonly number[];
  readonly accounts: readonly KnownAccount[];
}

/** What a batch names. */
interface Named {
  readonly branches: readonly number[];
  readonly accounts: readonly AccountRef[];
}

/**
 * Puts together what the commands need from what is known, and asks for the rest without locking anything.
 *
 * @returns undefined if the commands have to be decided under locks: they refer to earlier writes, a branch is not
 *   there, or a hold is about to expire
 */
export async function recall(
  { client, together }: Connection,
  known: KnownBooks,
  clock: DatabaseClock,
  commands: readonly Command[],
): Promise<Recalled | undefined> {
  if (!commands.every(isSelfContained)) return undefined;
  known.makeRoom();
  const named = namedBy(commands);
  if (named.branches.some((branch) => known.isContested(branch))) return undefined;
  await together(() => learnMissing(client, known, clock, named));
  const branches = named.branches.flatMap((branch) => known.branch(branch) ?? []);
  const accounts = named.accounts.flatMap((account) => known.account(account) ?? []);
  const clockMicros = clock.micros;
  if (branches.length < named.branches.length || clockMicros === undefined) return undefined;
  const latestMicros = Math.max(clockMicros, ...branches.map(({ timeMicros }) => timeMicros));
  if (accounts.some(({ nextExpiryMicros }) => nextExpiryMicros <= latestMicros + EXPIRY_MARGIN_MICROS)) {
    return undefined;
  }
  const books = new Books();
  books.load({ branches, accounts: accounts.map(({ account }) => account), holds: [], entries: [] });
  return { books, clockMicros, branches: named.branches, accounts };
}

/** Longer than any batch goes on, each of whose entries takes a microsecond. */
const EXPIRY_MARGIN_MICROS = 1_000_000;

/** Each branch and account once, branches in order. */
function namedBy(commands: readonly Command[]): Named {
  const branches = new Set<number>();
  const accounts = new BranchMap<number, AccountRef>();
  for (const command of commands) {
    const needs = needsOf(command, NO_REFERENCES);
    for (const branch of needs.branches) branches.add(branch);
    for (const account of needs.accounts) accounts.set(account.branch, account.serial, account);
  }
  return { branches: [...branches].sort((a, b) => a - b), accounts: [...accounts.values()] };
}

/**
 * The branches are asked for before the accounts: should somebody write to a branch in between, then its accounts are
 * newer than its position, and the fence does not hold. The other way round it would.
 */
async function learnMissing(
  client: Client,
  known: KnownBooks,
  clock: DatabaseClock,
  { branches, accounts }: Named,
): Promise<void> {
  const newBranches = branches.filter((branch) => known.branch(branch) === undefined);
  const newAccounts = accounts.filter((account) => known.account(account) === undefined);
  const [branchRows, accountRows] = await Promise.all([
    newBranches.length > 0 ? client.query<BranchRow>({ ...BRANCHES, values: [newBranches] }) : { rows: [] },
    newAccounts.length > 0
      ? client.query<KnownAccountRow>({ ...ACCOUNTS, values: refColumns(newAccounts) })
      : { rows: [] },
    hear(client, clock),
  ]);
  for (const row of branchRows.rows) known.learnBranch(branchFromRow(row));
  for (const row of accountRows.rows) known.learnAccount(knownAccountFromRow(row));
}

async function hear(client: Client, clock: DatabaseClock): Promise<void> {
  if (clock.micros !== undefined) return;
  const { rows } = await client.query<{ micros: string }>(CLOCK);
  clock.hear(Number(rows[0]?.micros));
}

type KnownAccountRow = AccountRow & { readonly next_expiry: string | null };

function knownAccountFromRow(row: KnownAccountRow): KnownAccount {
  const nextExpiryMicros = row.next_expiry === null ? Infinity : Number(row.next_expiry);
  return { ...keptAccountFromRow(row), nextExpiryMicros };
}

function refColumns(accounts: readonly AccountRef[]): [number[], number[]] {
  return [accounts.map(({ branch }) => branch), accounts.map(({ serial }) => serial)];
}

const BRANCHES = {
  name: 'known-branches',
  text: 'select * from branches where branch_id = any($1::int[]) and position > 0',
};

const CLOCK = {
  name: 'known-clock',
  text: `select ${CLOCK_MICROS} as micros`,
};

/** Of the bank's own accounts no hold is waited for: what they have reserved decides nothing. */
const ACCOUNTS = {
  name: 'known-accounts',
  text: `select a.*, case when a.serial < ${INTERNAL_SERIAL_MIN} then least(
           (select min(h.expires_micros) from holds h
            where h.branch_id = a.branch_id and h.debit_serial = a.serial and h.status = 'held'),
           (select min(h.expires_micros) from holds h
            where h.branch_id = a.branch_id and h.credit_serial = a.serial and h.status = 'held')
         ) end as next_expiry
         from unnest($1::int[], $2::bigint[]) as needed (branch_id, serial)
         join accounts a on a.branch_id = needed.branch_id and a.serial = needed.serial`,
};
