import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import { deposit, initializeBranch, openAccount } from '../ledger/commands.fixture.js';
import { backends, openReads, openStore, transact } from './bank-database.fixture.js';
import { PostgresStore } from './postgres-store.js';
import { readAccount } from './read-accounts.js';
import { ReadBarrier } from './read-barrier.js';
import { ownPostgres, waitForStandby, WAITS_FOR_STANDBY } from './standby.fixture.js';

const ann = { branch: 1, serial: 1 };

/** The condition on the session of a barrier that waits. */
const BARRIER_WAITS = `${WAITS_FOR_STANDBY} and query like '%pg_logical_emit_message%'`;

let postgres: Awaited<ReturnType<typeof ownPostgres>>;
let url: string;

beforeAll(async () => {
  postgres = await ownPostgres();
  url = postgres.url;
  const store = new PostgresStore(url);
  await transact(store, initializeBranch(1, 0n), openAccount(1, 'ann'), deposit(ann, 100n));
  await store.close();
});
afterAll(() => postgres.stop());

function openBarrier(): ReadBarrier {
  const barrier = new ReadBarrier(url);
  onTestFinished(() => barrier.close());
  return barrier;
}

/** Tells whether a promise has settled by now. */
function settled(promise: Promise<unknown>): () => boolean {
  const state = { settled: false };
  const settle = () => {
    state.settled = true;
  };
  promise.then(settle, settle);
  return () => state.settled;
}

describe('where a standby must confirm', () => {
  it('a read of what a commit left that is not confirmed waits until it is (R11, trap 9)', async () => {
    const store = openStore(url);
    await waitForStandby(url, true);
    const command = deposit(ann, 1n);
    const failing = transact(store, command);
    failing.catch(() => undefined);
    const [pid] = await backends(url, WAITS_FOR_STANDBY);
    // The row is visible now, and no standby has it.
    await query(url, 'select pg_terminate_backend($1)', [pid]);
    await expect(failing).rejects.toMatchObject({ failure: 'unknown' });
    const read = readAccount(openReads(url), ann);
    const isAnswered = settled(read);
    await backends(url, BARRIER_WAITS);
    expect(isAnswered()).toBe(false);
    await waitForStandby(url, false);
    expect(await read).toMatchObject({ postedCredits: 101n });
  });

  it('a crowd of reads shares one commit, and a glance does not wait at all', async () => {
    const database = openReads(url);
    await waitForStandby(url, true);
    const reads = Promise.all(Array.from({ length: 100 }, () => readAccount(database, ann)));
    await backends(url, BARRIER_WAITS);
    expect(await database.glance('select 1 as one', [])).toEqual([{ one: 1 }]);
    expect(await backends(url, WAITS_FOR_STANDBY)).toHaveLength(1);
    await waitForStandby(url, false);
    expect(new Set((await reads).map(({ postedCredits }) => postedCredits)).size).toBe(1);
  });

  it('a read that nobody confirms is unavailable, and leaves one session waiting, however many come', async () => {
    const database = openReads(url);
    await waitForStandby(url, true);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    for (let n = 0; n < 5; n++) {
      const read = readAccount(database, ann);
      read.catch(() => undefined);
      await backends(url, BARRIER_WAITS);
      vi.advanceTimersByTime(5_000);
      await expect(read).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    }
    vi.useRealTimers();
    await expect.poll(() => backends(url, WAITS_FOR_STANDBY)).toHaveLength(1);
    await waitForStandby(url, false);
    expect(await readAccount(database, ann)).toMatchObject(ann);
  });

  it.each([
    ['cancelled', 'pg_cancel_backend'],
    ['ended', 'pg_terminate_backend'],
  ])('a wait that is %s confirms nothing (trap 10)', async (_what, end) => {
    const database = openReads(url);
    await waitForStandby(url, true);
    const read = readAccount(database, ann);
    read.catch(() => undefined);
    const [pid] = await backends(url, BARRIER_WAITS);
    await query(url, `select ${end}($1)`, [pid]);
    await expect(read).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    await waitForStandby(url, false);
    expect(await readAccount(database, ann)).toMatchObject(ann);
  });
});

describe('the barrier', () => {
  it('is passed by a commit that begins after the call: not by the one under way, and by one for all', async () => {
    const barrier = openBarrier();
    await waitForStandby(url, true);
    const first = barrier.pass();
    const [pid] = await backends(url, BARRIER_WAITS);
    const [second, third] = [barrier.pass(), barrier.pass()];
    const passed = settled(second);
    await query(url, 'select pg_cancel_backend($1)', [pid]);
    await expect(first).rejects.toThrow('canceling wait for synchronous replication');
    await backends(url, BARRIER_WAITS);
    expect(passed()).toBe(false);
    await waitForStandby(url, false);
    await Promise.all([second, third]);
  });

  it('costs a session only where standbys must confirm', async () => {
    const database = openReads(url);
    await readAccount(database, ann);
    expect(
      await query(
        url,
        `select 1 from pg_stat_activity where query like '%emit_message%' and pid <> pg_backend_pid()`,
      ),
    ).toEqual([]);
  });
});
