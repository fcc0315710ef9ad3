import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import { removeEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded.js';
import { deposit, initializeBranch, openAccount, withdraw } from '../ledger/commands.fixture.js';
import { backends, brokenRules, openStore, transact } from './bank-database.fixture.js';
import { migrate } from './migrate.js';

/*
 * A PostgreSQL of their own, since its setting holds for all of its databases: it waits for a synchronous standby that
 * never comes.
 */
const ann = { branch: 1, serial: 1 };
const earlier = deposit(ann, 100n);

let dataDir: string;
let postgres: EmbeddedPostgres;
let url: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'giro-test-'));
  postgres = await startEmbeddedPostgres({ dataDir });
  url = postgres.url;
  const client = new Client({ connectionString: url });
  await client.connect();
  await migrate(client);
  await client.end();
});

afterAll(async () => {
  await postgres.stop();
  await removeEmbeddedPostgres(dataDir);
});

beforeEach(async () => {
  await query(url, 'truncate branches, accounts, holds, entries, seals, posting_marks');
  await transact(openStore(url), initializeBranch(1, 0n), openAccount(1, 'ann'), earlier);
});

async function waitForStandby(waits: boolean): Promise<void> {
  await query(url, `alter system set synchronous_standby_names = '${waits ? 'nobody' : ''}'`);
  await query(url, 'select pg_reload_conf()');
  await vi.waitUntil(async () => {
    const [row] = await query<{ names: string }>(
      url,
      `select current_setting('synchronous_standby_names') as names`,
    );
    return (row?.names !== '') === waits;
  });
  if (waits) onTestFinished(() => waitForStandby(false));
}

const waitsForStandby = `wait_event = 'SyncRep'`;

describe('where a standby must confirm', () => {
  it.each([
    ['a write', deposit(ann, 1n), { kind: 'applied', replayed: false }],
    ['a frozen refusal', withdraw(ann, 500n), { kind: 'refused', replayed: false }],
    ['a replay', earlier, { kind: 'applied', replayed: true }],
    ['a refusal that leaves no trace', { ...earlier, amount: 2n }, { refusal: { reason: 'ID_REUSED' } }],
  ])('%s is answered only then (R11, traps 8 and 9)', async (_what, command, outcome) => {
    await waitForStandby(true);
    let answered = false;
    const answer = transact(openStore(url), command).finally(() => {
      answered = true;
    });
    await backends(url, waitsForStandby);
    expect(answered).toBe(false);
    await waitForStandby(false);
    expect(await answer).toMatchObject([outcome]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('a commit whose wait is cancelled is unknown, though it says that it succeeded (trap 10)', async () => {
    const store = openStore(url);
    const command = deposit(ann, 1n);
    await waitForStandby(true);
    const failing = transact(store, command);
    failing.catch(() => undefined);
    const [pid] = await backends(url, waitsForStandby);
    await query(url, 'select pg_cancel_backend($1)', [pid]);
    await expect(failing).rejects.toMatchObject({
      failure: 'unknown',
      message: 'unknown: canceling wait for synchronous replication due to user request',
    });
    await waitForStandby(false);
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: true }]);
  });

  it('a commit that takes too long is left alone, not cancelled, and unknown (traps 10 and 13)', async () => {
    const store = openStore(url);
    const command = deposit(ann, 1n);
    await waitForStandby(true);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const failing = transact(store, command);
    failing.catch(() => undefined);
    await backends(url, waitsForStandby);
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    await expect(failing).rejects.toMatchObject({ failure: 'unknown' });
    expect(await backends(url, waitsForStandby)).toHaveLength(1);
    await waitForStandby(false);
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: true }]);
    expect(await brokenRules(url)).toEqual([]);
  });
});
