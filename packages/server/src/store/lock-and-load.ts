import type { Client } from 'pg';
import { Books } from '../ledger/books.js';
import { needsOf, type Needs } from '../ledger/needs.js';
import type { Command } from '../ledger/command.js';
import {
  accountFromRow,
  branchFromRow,
  entryFromRow,
  type AccountRow,
  type BranchRow,
  type EntryRow,
} from './rows.js';
import { StoreError } from './store.js';

/** The books that the commands need, locked, and the database's clock read after all locks were had. */
export interface LockedBooks {
  readonly books: Books;
  readonly clockMicros: number;
}

/**
 * Begins a transaction, locks the branches and loads what the commands need, in one round trip.
 *
 * Branches are locked one statement each, in order of their ids: a statement over several of them locks in an order of
 * its own and deadlocks. What is loaded is loaded by later statements: under READ COMMITTED a statement that waits for
 * a lock goes on with what it saw before the wait.
 */
export async function lockAndLoad(client: Client, commands: readonly Command[]): Promise<LockedBooks> {
  const needs = commands.map(needsOf);
  const opens = new Set(needs.flatMap((need) => need.opens));
  const branches = Array.from(new Set(needs.flatMap((need) => need.branches))).sort((a, b) => a - b);
  const begun = client.query('begin isolation level read committed');
  const locks = branches.map((branch) => lockBranch(client, branch, opens.has(branch)));
  const accounts = loadAccounts(client, needs);
  const customers = loadCustomers(client, needs);
  const entries = loadWrites(client, commands, needs);
  const clock = client.query<{ micros: string }>(CLOCK);
  const loaded = await Promise.all([Promise.all(locks), accounts, customers, entries, clock, begun]);
  const rows = {
    branches: loaded[0].flat(),
    accounts: [...loaded[1].rows, ...loaded[2]],
    entries: loaded[3].rows,
  };
  checkLocked(rows.branches, [...rows.accounts, ...rows.entries]);
  const books = new Books();
  books.load({
    branches: rows.branches.map(branchFromRow),
    accounts: rows.accounts.map(accountFromRow),
    entries: rows.entries.map(entryFromRow),
  });
  return { books, clockMicros: Number(loaded[4].rows[0]?.micros) };
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

function loadAccounts(client: Client, needs: readonly Needs[]) {
  const branches: number[] = [];
  const serials: number[] = [];
  const seen = new Set<string>();
  for (const { branch, serial } of needs.flatMap((need) => need.accounts)) {
    const key = `${branch}-${serial}`;
    if (seen.has(key)) continue;
    seen.add(key);
    branches.push(branch);
    serials.push(serial);
  }
  return client.query<AccountRow>({ ...ACCOUNTS, values: [branches, serials] });
}

async function loadCustomers(client: Client, needs: readonly Needs[]): Promise<AccountRow[]> {
  const customers = needs.flatMap((need) => need.customers);
  if (customers.length === 0) return [];
  const values = [customers.map(({ branch }) => branch), customers.map(({ customer }) => customer)];
  const { rows } = await client.query<AccountRow>({ ...CUSTOMERS, values });
  return rows;
}

function loadWrites(client: Client, commands: readonly Command[], needs: readonly Needs[]) {
  const branches: number[] = [];
  const ids: string[] = [];
  commands.forEach(({ id }, index) => {
    for (const branch of needs[index]?.branches ?? []) {
      branches.push(branch);
      ids.push(id);
    }
  });
  return client.query<EntryRow>({ ...WRITES, values: [branches, ids] });
}

const CLOCK = {
  name: 'clock',
  text: 'select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros',
};

const STAND_IN = {
  name: 'stand-in',
  text: 'insert into branches values ($1, 0, 0, 1) on conflict (branch_id) do nothing',
};

const LOCK = {
  name: 'lock',
  text: 'select branch_id, position, time_micros, next_serial from branches where branch_id = $1 for update',
};

const ACCOUNTS = {
  name: 'accounts',
  text: `select a.* from unnest($1::int[], $2::bigint[]) as needed (branch_id, serial)
         join accounts a on a.branch_id = needed.branch_id and a.serial = needed.serial`,
};

const CUSTOMERS = {
  name: 'customers',
  text: `select distinct a.* from unnest($1::int[], $2::text[]) as needed (branch_id, customer)
         join accounts a on a.branch_id = needed.branch_id and a.customer = needed.customer`,
};

const WRITES = {
  name: 'writes',
  text: `select e.* from (select distinct * from unnest($1::int[], $2::uuid[])) as needed (branch_id, write_id)
         join entries e on e.branch_id = needed.branch_id and e.write_id = needed.write_id
         order by e.branch_id, e.position`,
};
