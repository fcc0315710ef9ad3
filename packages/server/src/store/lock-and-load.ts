import { INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import type { Client } from 'pg';
import { Books } from '../ledger/books.js';
import { needsOf, type Needs } from '../ledger/needs.js';
import type { Command } from '../ledger/command.js';
import type { References, WriteRef } from '../ledger/references.js';
import type { BranchState } from '../ledger/state.js';
import { checkReferences } from './check-references.js';
import { ACCOUNTS, DUE_HOLDS } from './due-holds.js';
import {
  branchFromRow,
  entryFromRow,
  holdFromRow,
  keptAccountFromRow,
  WITH_SEAL,
  type AccountRow,
  type BranchRow,
  type EntryRow,
  type HoldRow,
} from './rows.js';
import type { KeptAccount } from './account-columns.js';
import { CLOCK_MICROS } from './database-clock.js';
import { StoreError, type LoadedBooks } from './store.js';

/** What a batch needs, locked. */
export interface Locked extends LoadedBooks {
  readonly branches: readonly BranchState[];
  readonly accounts: readonly KeptAccount[];
}

/**
 * Begins a transaction, locks the branches and loads what the commands need, in one round trip.
 *
 * Branches are locked one statement each, in order of their ids: a statement over several of them locks in an order of
 * its own and deadlocks. What is loaded is loaded by later statements: under READ COMMITTED a statement that waits for
 * a lock goes on with what it saw before the wait.
 */
export async function lockAndLoad(
  client: Client,
  commands: readonly Command[],
  references: References,
): Promise<Locked> {
  const needs = commands.map((command) => needsOf(command, references));
  const opens = new Set(needs.flatMap((need) => need.opens ?? []));
  const branches = Array.from(new Set(needs.flatMap((need) => need.branches))).sort((a, b) => a - b);
  const begun = client.query('begin isolation level read committed');
  const locks = branches.map((branch) => lockBranch(client, branch, opens.has(branch)));
  const [locked, accounts, holds, entries, clock] = await answered([
    answered(locks),
    loadAccounts(client, needs, branches),
    loadHolds(client, needs, branches),
    loadWrites(client, commands, needs, references),
    client.query<{ micros: string }>(CLOCK),
    begun,
  ]);
  const rows = { branches: locked.flat(), accounts, holds, entries };
  checkLocked(rows.branches, [...accounts, ...holds, ...entries]);
  const loaded = rows.accounts.map(keptAccountFromRow);
  const state = {
    branches: rows.branches.map(branchFromRow),
    accounts: loaded.map(({ account }) => account),
    holds: rows.holds.map(holdFromRow),
    entries: rows.entries.map(entryFromRow),
  };
  checkReferences(commands, references, state.entries);
  const books = new Books();
  books.load(state);
  return {
    ...{ books, clockMicros: Number(clock.rows[0]?.micros) },
    ...{ branches: state.branches, accounts: loaded },
  };
}

/** What statements that were sent together have answered; else the error of the first: the others only say that it failed. */
async function answered<Answers extends unknown[]>(sent: {
  readonly [Index in keyof Answers]: Promise<Answers[Index]>;
}): Promise<Answers> {
  await Promise.allSettled(sent);
  const answers: unknown[] = [];
  for (const statement of sent) answers.push(await statement);
  return answers as Answers;
}

/**
 * A branch may come into being after its lock was tried and before the rest is loaded. What is seen of it then is not
 * locked, and must not be decided on.
 */
function checkLocked(branches: readonly BranchRow[], rows: readonly { readonly branch_id: number }[]): void {
  const locked = new Set(branches.map((branch) => branch.branch_id));
  const unlocked = rows.find((row) => !locked.has(row.branch_id));
  if (unlocked === undefined) return;
  throw new StoreError('conflict', `branch ${unlocked.branch_id} has come into being meanwhile`);
}

async function lockBranch(client: Client, branch: number, mayOpen: boolean): Promise<BranchRow[]> {
  // A branch that does not exist cannot be locked: an empty one, invisible to everybody, stands in for it.
  const standIn = mayOpen ? client.query({ ...STAND_IN, values: [branch] }) : undefined;
  const [{ rows }] = await Promise.all([client.query<BranchRow>({ ...LOCK, values: [branch] }), standIn]);
  return rows.filter(({ position }) => position !== '0');
}

/** The accounts that are named, and with them those of holds that are due on either side. */
async function loadAccounts(
  client: Client,
  needs: readonly Needs[],
  branches: readonly number[],
): Promise<AccountRow[]> {
  const customers = needs.flatMap((need) => need.customers ?? []);
  const whole = wholeBranches(needs);
  const loads = [client.query<AccountRow>({ ...ACCOUNTS, values: dueValues(needs, branches) })];
  if (customers.length > 0) {
    const values = [customers.map(({ branch }) => branch), customers.map(({ customer }) => customer)];
    loads.push(client.query<AccountRow>({ ...CUSTOMERS, values }));
  }
  if (whole.length > 0) loads.push(client.query<AccountRow>({ ...INTERNAL_ACCOUNTS, values: [whole] }));
  return (await Promise.all(loads)).flatMap(({ rows }) => rows);
}

/** The holds that are resolved, and those due on the accounts that are named. */
async function loadHolds(
  client: Client,
  needs: readonly Needs[],
  branches: readonly number[],
): Promise<HoldRow[]> {
  const holds = needs.flatMap((need) => need.holds ?? []);
  const loads = [client.query<HoldRow>({ ...DUE_HOLDS, values: dueValues(needs, branches) })];
  if (holds.length > 0) loads.push(client.query<HoldRow>({ ...HOLDS, values: columns(holds) }));
  return (await Promise.all(loads)).flatMap(({ rows }) => rows);
}

/** What {@link DUE_HOLDS} and {@link ACCOUNTS} are asked with. */
function dueValues(needs: readonly Needs[], branches: readonly number[]): unknown[] {
  const accounts = needs.flatMap((need) => need.accounts);
  return [
    accounts.map(({ branch }) => branch),
    accounts.map(({ serial }) => serial),
    wholeBranches(needs),
    branches,
  ];
}

function wholeBranches(needs: readonly Needs[]): number[] {
  return [...new Set(needs.flatMap((need) => need.whole ?? []))];
}

/** What the branches know of the commands' own ids and of what they refer to, each entry once. */
async function loadWrites(
  client: Client,
  commands: readonly Command[],
  needs: readonly Needs[],
  references: References,
): Promise<EntryRow[]> {
  const refs = commands.flatMap((command, index) => [
    ...(needs[index]?.branches ?? []).map((branch) => ({ branch, id: command.id })),
    ...memberIds(command, references),
    ...(needs[index]?.holds ?? []),
  ]);
  const groups = commands.flatMap((command, index) =>
    MAY_BE_GROUP.has(command.kind)
      ? (needs[index]?.branches ?? []).map((branch) => ({ branch, id: command.id }))
      : [],
  );
  const originals = needs.flatMap((need) => need.originals ?? []);
  const loads = [client.query<EntryRow>({ ...WRITES, values: columns([...refs, ...originals]) })];
  if (groups.length > 0 || originals.length > 0) {
    loads.push(client.query<EntryRow>({ ...GROUPS, values: columns([...groups, ...originals]) }));
  }
  if (originals.length > 0) loads.push(client.query<EntryRow>({ ...REVERSALS, values: columns(originals) }));
  return eachOnce((await Promise.all(loads)).flatMap(({ rows }) => rows));
}

/** Commands whose id may be that of a group: the answer to it is in its members' entries. */
const MAY_BE_GROUP: ReadonlySet<Command['kind']> = new Set(['group', 'reverseGroup', 'abandon'] as const);

function memberIds(command: Command, references: References): WriteRef[] {
  if (command.kind !== 'group') return [];
  return command.members.flatMap((member) =>
    needsOf(member, references).branches.map((branch) => ({ branch, id: member.id })),
  );
}

function eachOnce(rows: readonly EntryRow[]): EntryRow[] {
  const byPlace = new Map(rows.map((row) => [`${row.branch_id}/${row.position}`, row]));
  return [...byPlace.values()].sort(
    (a, b) => a.branch_id - b.branch_id || Number(a.position) - Number(b.position),
  );
}

function columns(refs: readonly WriteRef[]): [number[], string[]] {
  return [refs.map(({ branch }) => branch), refs.map(({ id }) => id)];
}

/** The database's clock, read by itself after the locks are had. */
const CLOCK = {
  name: 'clock',
  text: `select ${CLOCK_MICROS} as micros`,
};

const STAND_IN = {
  name: 'stand-in',
  text: `insert into branches (branch_id, position, time_micros, next_serial, open_accounts, closed, head_hash)
         values ($1, 0, 0, 1, 0, false, '') on conflict (branch_id) do nothing`,
};

const LOCK = { name: 'lock', text: 'select * from branches where branch_id = $1 for update' };

const INTERNAL_ACCOUNTS = {
  name: 'internal-accounts',
  text: `select * from accounts where branch_id = any($1::int[]) and serial >= ${INTERNAL_SERIAL_MIN}`,
};

const CUSTOMERS = {
  name: 'customers',
  text: `select distinct a.* from unnest($1::int[], $2::text[]) as needed (branch_id, customer)
         join accounts a on a.branch_id = needed.branch_id and a.customer = needed.customer`,
};

const HOLDS = {
  name: 'holds',
  text: `select h.* from (select distinct * from unnest($1::int[], $2::uuid[])) as needed (branch_id, hold_id)
         join holds h on h.branch_id = needed.branch_id and h.hold_id = needed.hold_id`,
};

const WRITES = {
  name: 'writes',
  text: `select e.*, seal.* from (select distinct * from unnest($1::int[], $2::uuid[])) as needed (branch_id, write_id)
         join entries e on e.branch_id = needed.branch_id and e.write_id = needed.write_id
         ${WITH_SEAL}`,
};

const GROUPS = {
  name: 'groups',
  text: `select e.*, seal.* from (select distinct * from unnest($1::int[], $2::uuid[])) as needed (branch_id, group_id)
         join entries e on e.branch_id = needed.branch_id and e.group_id = needed.group_id
         ${WITH_SEAL}`,
};

const REVERSALS = {
  name: 'reversals',
  text: `select e.*, seal.* from (select distinct * from unnest($1::int[], $2::uuid[])) as needed (branch_id, write_id)
         join entries e on e.branch_id = needed.branch_id and e.reversal_of = needed.write_id
         ${WITH_SEAL}`,
};
