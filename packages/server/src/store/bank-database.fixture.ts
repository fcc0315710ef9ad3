import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { emptyDatabase, query } from '../../test-support/database.js';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import { executeBatch } from '../ledger/execute-batch.js';
import type { Outcome } from '../ledger/execute.js';
import { brokenRules as brokenRulesOf } from '../model/broken-rules.fixture.js';
import type { KeptBank, KeptSeal } from '../model/kept-bank.fixture.js';
import { openDatabase, type Database } from './database.js';
import { migrate } from './migrate.js';
import { PostgresStore } from './postgres-store.js';
import type { TransactOptions } from './store.js';
import {
  accountFromRow,
  branchFromRow,
  entryFromRow,
  type AccountRow,
  type BranchRow,
  holdFromRow,
  WITH_SEAL,
  type EntryRow,
  type HoldRow,
  type SealRow,
} from './rows.js';
import { verifyBranch } from './verify-branch.js';

/** Makes a database with Giro's schema, and applies the commands in it. */
export async function bankDatabase(...commands: readonly Command[]): Promise<string> {
  const url = await emptyDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  await migrate(client);
  await client.end();
  if (commands.length > 0) {
    const store = new PostgresStore(url);
    await transact(store, ...commands);
    await store.close();
  }
  return url;
}

/** Opens the write side, until the end of the test. */
export function openStore(url: string): PostgresStore {
  const store = new PostgresStore(url);
  onTestFinished(() => store.close());
  return store;
}

/** Opens the read side, until the end of the test. */
export function openReads(url: string): Database {
  const database = openDatabase(url, () => undefined);
  onTestFinished(() => database.close());
  return database;
}

/** Opens a plain session, until the end of the test. */
export async function openSession(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Decides the commands by the ledger's rules in one transaction, under locks. */
export function transact(store: PostgresStore, ...commands: readonly Command[]): Promise<Outcome[]> {
  return decideIn(store, commands, { optimistic: false });
}

/** Likewise, on what the store remembers if that can be done. */
export function optimistically(store: PostgresStore, ...commands: readonly Command[]): Promise<Outcome[]> {
  return decideIn(store, commands, { optimistic: true });
}

async function decideIn(
  store: PostgresStore,
  commands: readonly Command[],
  options: TransactOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await store.transact(
    commands,
    ({ books, clockMicros }) => {
      const executed = executeBatch(books, commands, clockMicros);
      outcomes.push(...executed.outcomes);
      return executed.changes;
    },
    options,
  );
  return outcomes;
}

/** Keeps a branch locked until it is let go. */
export async function lockBranch(url: string, branch: number): Promise<() => Promise<void>> {
  const holder = await openSession(url);
  await holder.query('begin');
  await holder.query('select * from branches where branch_id = $1 for update', [branch]);
  return async () => {
    await holder.query('rollback');
  };
}

/** Waits until so many sessions of the database wait for a lock, and gives their process ids. */
export async function lockWaiters(url: string, count = 1): Promise<number[]> {
  return backends(url, `wait_event_type = 'Lock'`, count);
}

/** Waits until so many sessions of the database are in a certain state, and gives their process ids. */
export async function backends(url: string, condition: string, count = 1): Promise<number[]> {
  const text = `select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and ${condition}`;
  const giveUpAt = Date.now() + 10_000;
  while (Date.now() < giveUpAt) {
    const rows = await query<{ pid: number }>(url, text);
    if (rows.length >= count) return rows.map(({ pid }) => pid);
    await sleep(10);
  }
  throw new Error(`there were never ${count} sessions with ${condition}`);
}

/** Everything that is kept: what a test compares to see that nothing has changed. */
export async function contents(url: string): Promise<KeptBank> {
  const branches = await query<BranchRow>(url, 'select * from branches order by branch_id');
  const accounts = await query<AccountRow>(url, 'select * from accounts order by branch_id, serial');
  const holds = await query<HoldRow>(url, 'select * from holds order by branch_id, position');
  const text = `select e.*, seal.* from entries e ${WITH_SEAL} order by e.branch_id, e.position`;
  const entries = await query<EntryRow>(url, text);
  const seals = await query<SealRow>(url, 'select * from seals order by branch_id, last_position');
  return {
    branches: branches.map(branchFromRow),
    accounts: accounts.map(accountFromRow),
    holds: holds.map(holdFromRow),
    entries: entries.map(entryFromRow),
    seals: seals.map(sealFromRow),
  };
}

/** Verifies every journal, and checks everything kept against the rules: what is broken, nothing if all is well. */
export async function brokenRules(url: string): Promise<readonly string[]> {
  const kept = await contents(url);
  const broken = [...brokenRulesOf(kept)];
  for (const { id } of kept.branches) {
    for await (const event of verifyBranch(url, id)) {
      if (event.kind !== 'result' || event.problem === undefined) continue;
      broken.push(`${id}:${event.problem.position}: ${event.problem.message}`);
    }
  }
  return broken;
}

/** The entries that an applied command made. */
export function entriesOf(outcome: Outcome | undefined): readonly Entry[] {
  if (outcome?.kind !== 'applied') throw new Error(`not applied: ${JSON.stringify(outcome)}`);
  return outcome.entries;
}

function sealFromRow({ branch_id, first_position, last_position, root, hash }: SealRow): KeptSeal {
  return { branch: branch_id, first: Number(first_position), last: Number(last_position), root, hash };
}
