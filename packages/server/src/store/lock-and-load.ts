import { INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import type { Client } from 'pg';
import { Books } from '../ledger/books.js';
import { needsOf, type Needs } from '../ledger/needs.js';
import type { Command } from '../ledger/command.js';
import { referenceKey, referredBy, type References, type WriteRef } from '../ledger/references.js';
import {
  accountFromRow,
  branchFromRow,
  entryFromRow,
  holdFromRow,
  WITH_SEAL,
  type AccountRow,
  type BranchRow,
  type EntryRow,
  type HoldRow,
} from './rows.js';
import { StoreError, type LockedBooks } from './store.js';

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
): Promise<LockedBooks> {
  const needs = commands.map((command) => needsOf(command, references));
  const opens = new Set(needs.flatMap((need) => need.opens ?? []));
  const branches = Array.from(new Set(needs.flatMap((need) => need.branches))).sort((a, b) => a - b);
  const begun = client.query('begin isolation level read committed');
  const locks = branches.map((branch) => lockBranch(client, branch, opens.has(branch)));
  const [locked, accounts, holds, entries, clock] = await Promise.all([
    Promise.all(locks),
    loadAccounts(client, needs),
    loadHolds(client, needs),
    loadWrites(client, commands, needs, references),
    client.query<{ micros: string }>(CLOCK),
    begun,
  ]);
  const rows = { branches: locked.flat(), accounts, holds, entries };
  checkLocked(rows.branches, [...accounts, ...holds, ...entries]);
  checkReferences(commands, references, rows);
  const books = new Books();
  books.load({
    branches: rows.branches.map(branchFromRow),
    accounts: rows.accounts.map(accountFromRow),
    holds: rows.holds.map(holdFromRow),
    entries: rows.entries.map(entryFromRow),
  });
  return { books, clockMicros: Number(clock.rows[0]?.micros), references };
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

/** A write that was not there when references were resolved, and is now: what it touches is not all locked. */
function checkReferences(
  commands: readonly Command[],
  references: References,
  { entries }: { readonly entries: readonly EntryRow[] },
): void {
  const unresolved = commands.flatMap(referredBy).filter((ref) => !references.has(referenceKey(ref)));
  if (unresolved.length === 0) return;
  const applied = new Set(
    entries
      .filter(({ kind }) => kind !== 'refusal')
      .map((row) => referenceKey({ branch: row.branch_id, id: row.write_id })),
  );
  const late = unresolved.find((ref) => applied.has(referenceKey(ref)));
  if (late !== undefined) throw new StoreError('conflict', `write ${late.id} has been applied meanwhile`);
}

async function lockBranch(client: Client, branch: number, mayOpen: boolean): Promise<BranchRow[]> {
  // A branch that does not exist cannot be locked: an empty one, invisible to everybody, stands in for it.
  const standIn = mayOpen ? client.query({ ...STAND_IN, values: [branch] }) : undefined;
  const [{ rows }] = await Promise.all([client.query<BranchRow>({ ...LOCK, values: [branch] }), standIn]);
  return rows.filter(({ position }) => position !== '0');
}

/** The accounts that are named, and with them those of holds that are due on either side. */
async function loadAccounts(client: Client, needs: readonly Needs[]): Promise<AccountRow[]> {
  const accounts = needs.flatMap((need) => need.accounts);
  const customers = needs.flatMap((need) => need.customers ?? []);
  const whole = wholeBranches(needs);
  const loads = [
    client.query<AccountRow>({
      ...ACCOUNTS,
      values: [accounts.map(({ branch }) => branch), accounts.map(({ serial }) => serial), whole],
    }),
  ];
  if (customers.length > 0) {
    const values = [customers.map(({ branch }) => branch), customers.map(({ customer }) => customer)];
    loads.push(client.query<AccountRow>({ ...CUSTOMERS, values }));
  }
  if (whole.length > 0) loads.push(client.query<AccountRow>({ ...INTERNAL_ACCOUNTS, values: [whole] }));
  return (await Promise.all(loads)).flatMap(({ rows }) => rows);
}

/** The holds that are resolved, and those due on the accounts that are named. */
async function loadHolds(client: Client, needs: readonly Needs[]): Promise<HoldRow[]> {
  const accounts = needs.flatMap((need) => need.accounts);
  const holds = needs.flatMap((need) => need.holds ?? []);
  const values = [
    accounts.map(({ branch }) => branch),
    accounts.map(({ serial }) => serial),
    wholeBranches(needs),
  ];
  const loads = [client.query<HoldRow>({ ...DUE_HOLDS, values })];
  if (holds.length > 0) loads.push(client.query<HoldRow>({ ...HOLDS, values: columns(holds) }));
  return (await Promise.all(loads)).flatMap(({ rows }) => rows);
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
    command.kind === 'group' || command.kind === 'reverseGroup'
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

const CLOCK = {
  name: 'clock',
  text: 'select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros',
};

const STAND_IN = {
  name: 'stand-in',
  text: `insert into branches (branch_id, position, time_micros, next_serial, open_accounts, closed, head_hash)
         values ($1, 0, 0, 1, 0, false, '') on conflict (branch_id) do nothing`,
};

const LOCK = { name: 'lock', text: 'select * from branches where branch_id = $1 for update' };

/** Holds that one sweep settles: as many as fit a commit. What is left over comes with the next. */
const SWEPT_HOLDS_MAX = 2_000;

/**
 * Holds that are due, or may be while the batch is decided: entries can be later than the clock, by a microsecond each.
 * The accounts are asked for by another statement with a later clock, hence their wider margin.
 */
const due = (marginSeconds: number) => {
  const isDue = `h.status = 'held' and h.expires_micros <= ${horizon(marginSeconds)}`;
  const side = (serial: 'debit_serial' | 'credit_serial') => `
    select h.* from (select distinct * from unnest($1::int[], $2::bigint[])) as named (branch_id, serial)
    join holds h on h.branch_id = named.branch_id and h.${serial} = named.serial
    where named.serial < ${INTERNAL_SERIAL_MIN} and ${isDue}`;
  return `${side('debit_serial')} union ${side('credit_serial')}
    union (
      select h.* from holds h where h.branch_id = any($3::int[]) and ${isDue}
      order by h.expires_micros limit ${SWEPT_HOLDS_MAX}
    )`;
};

function horizon(marginSeconds: number): string {
  return `(extract(epoch from clock_timestamp()) * 1000000 + ${marginSeconds} * 1000000)::bigint`;
}

const DUE_HOLDS = { name: 'due-holds', text: due(10) };

const ACCOUNTS = {
  name: 'accounts',
  text: `select a.* from (
           select * from unnest($1::int[], $2::bigint[])
           union select branch_id, debit_serial from (${due(20)}) as due
           union select branch_id, credit_serial from (${due(20)}) as due
         ) as needed (branch_id, serial)
         join accounts a on a.branch_id = needed.branch_id and a.serial = needed.serial`,
};

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
         join entries e on e.branch_id = needed.branch_id and e.write_id = needed.write_id and e.ordinal >= 0
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
