import { Client } from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import { Books } from '../ledger/books.js';
import { executeBatch } from '../ledger/execute-batch.js';
import {
  backends,
  bankDatabase,
  brokenRules,
  contents,
  lockWaiters,
  openSession,
  openStore,
  transact,
} from './bank-database.fixture.js';
import { lineTo } from './line.fixture.js';

const ann = { branch: 1, serial: 1 };
const eve = { branch: 2, serial: 1 };

const NO_CHANGES = { ...new Books().changes(), idsKept: true };

function bank(): Promise<string> {
  return bankDatabase(
    initializeBranch(1, 0n),
    initializeBranch(2, 0n),
    openAccount(1, 'ann'),
    openAccount(2, 'eve'),
    deposit(ann, 100n),
  );
}

describe('a transaction', () => {
  it('is there for everybody once it resolves (R11)', async () => {
    const url = await bank();
    const outcomes = await transact(openStore(url), transfer(ann, eve, 30n), withdraw(eve, 30n));
    expect(outcomes).toMatchObject([{ kind: 'applied' }, { refusal: { reason: 'INSUFFICIENT_CASH' } }]);
    const { accounts, entries } = await contents(url);
    expect(accounts.find(({ customer }) => customer === 'eve')).toMatchObject({ postedCredits: 30n });
    expect(entries.at(-1)).toMatchObject({ branch: 2, change: { kind: 'refusal' } });
    expect(await brokenRules(url)).toEqual([]);
  });

  it('that cannot be decided leaves nothing, and the store goes on', async () => {
    const url = await bank();
    const store = openStore(url);
    const before = await contents(url);
    const command = transfer(ann, eve, 30n);
    const failing = store.transact([command, initializeBranch(3, 5n)], ({ books, clockMicros }) => {
      executeBatch(books, [command], clockMicros);
      throw new Error('an unforeseen case');
    });
    await expect(failing).rejects.toMatchObject({
      failure: 'rejected',
      cause: { message: 'an unforeseen case' },
    });
    expect(await contents(url)).toEqual(before);
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: false }]);
  });

  it('that loads a damaged entry says so, and is not taken for a lost connection', async () => {
    const url = await bank();
    const command = openAccount(1, 'zoe');
    const store = openStore(url);
    await transact(store, command);
    await query(url, 'update entries set detail = null where write_id = $1', [command.id]);
    await expect(transact(store, command)).rejects.toMatchObject({
      failure: 'rejected',
      message: 'rejected: the entry at position 6 of branch 1 is damaged: no detail of a accountOpened',
    });
  });

  it('that the database rejects leaves nothing (trap 7)', async () => {
    const url = await bank();
    const store = openStore(url);
    const before = await contents(url);
    await query(url, 'alter table entries add constraint poison check (amount is distinct from 13)');
    const commands = [deposit(ann, 12n), transfer(ann, eve, 13n), deposit(eve, 14n)] as const;
    await expect(transact(store, ...commands)).rejects.toMatchObject({ failure: 'rejected' });
    expect(await contents(url)).toEqual(before);
    expect(await transact(store, commands[0], commands[2])).toMatchObject([
      { replayed: false },
      { replayed: false },
    ]);
  });

  it('whose commit is answered by ROLLBACK is a failure (trap 3)', async () => {
    const url = await bank();
    const before = await contents(url);
    const queries = vi.spyOn(Client.prototype, 'query');
    const failing = openStore(url).transact([], () => {
      // A statement fails, and nobody but the commit's tag tells of it.
      const lane = queries.mock.contexts.at(-1) as Client;
      lane.query('select 1 / 0').catch(() => undefined);
      return NO_CHANGES;
    });
    await expect(failing).rejects.toMatchObject({
      failure: 'conflict',
      message: 'conflict: the commit was answered by ROLLBACK',
    });
    queries.mockRestore();
    expect(await contents(url)).toEqual(before);
  });

  it('whose session ends before the commit has not happened (R13)', async () => {
    const url = await bank();
    const store = openStore(url);
    const before = await contents(url);
    const holder = await openSession(url);
    await holder.query('begin');
    await holder.query('select * from branches where branch_id = 2 for update');
    const command = transfer(ann, eve, 30n);
    const failing = transact(store, command);
    failing.catch(() => undefined);
    const [waiting] = await lockWaiters(url);
    await query(url, 'select pg_terminate_backend($1)', [waiting]);
    await expect(failing).rejects.toMatchObject({ failure: 'unavailable' });
    await holder.query('rollback');
    expect(await contents(url)).toEqual(before);
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: false }]);
  });

  it('whose session ends in the commit is unknown, and may not have happened (R13)', async () => {
    const url = await bank();
    const store = openStore(url);
    await query(
      url,
      `create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return null; end';
       create constraint trigger slow after insert on entries deferrable initially deferred
         for each row execute function slow()`,
    );
    const command = transfer(ann, eve, 30n);
    const failing = transact(store, command);
    failing.catch(() => undefined);
    const [committing] = await backends(url, `wait_event = 'PgSleep'`);
    await query(url, 'select pg_terminate_backend($1)', [committing]);
    await expect(failing).rejects.toMatchObject({ failure: 'unknown' });
    await query(url, 'drop trigger slow on entries');
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: false }]);
  });

  it('whose answer is lost is unknown, and has happened: the same id resolves it (R5, R13)', async () => {
    const url = await bank();
    const line = await lineTo(url);
    const store = openStore(line.url);
    const command = transfer(ann, eve, 30n);
    await transact(store, deposit(ann, 1n));
    line.cutAfterCommit();
    await expect(transact(store, command)).rejects.toMatchObject({ failure: 'unknown' });
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: true }]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('does not outlive a server that stops in the middle of it (trap 12)', async () => {
    const url = await bank();
    const store = openStore(url);
    const before = await contents(url);
    const command = transfer(ann, eve, 30n);
    const failing = store.transact([command], ({ books, clockMicros }) => {
      const { changes } = executeBatch(books, [command], clockMicros);
      // As a process does that is paused, or collects its garbage for too long.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
      return changes;
    });
    await expect(failing).rejects.toMatchObject({ failure: 'unknown' });
    expect(await contents(url)).toEqual(before);
    expect(await transact(store, command)).toMatchObject([{ kind: 'applied', replayed: false }]);
  });

  it('is sent without waiting for answers, but for those that it decides on (trap 19)', async () => {
    const url = await bank();
    const line = await lineTo(url);
    const store = openStore(line.url);
    await transact(store, deposit(ann, 1n));
    // Whoever waits for an answer before the last of these is sent waits for ever.
    line.holdAnswers(['begin', 'clock'], ['insert-entries', 'commit']);
    expect(await transact(store, transfer(ann, eve, 30n), deposit(eve, 1n))).toMatchObject([
      { kind: 'applied' },
      { kind: 'applied' },
    ]);
  });

  it('cannot begin where there is no database (R13)', async () => {
    const url = new URL(await bank());
    url.pathname = '/nowhere';
    await expect(transact(openStore(url.href), deposit(ann, 1n))).rejects.toMatchObject({
      failure: 'unavailable',
      message: 'unavailable: database "nowhere" does not exist',
    });
  });
});

describe('the time of a transaction', () => {
  it("is the database's, and both legs of a transfer have the same (R8, trap 14)", async () => {
    const url = await bank();
    const command = transfer(ann, eve, 30n);
    const clock = `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros`;
    const [before] = await query<{ micros: string }>(url, clock);
    await transact(openStore(url), command);
    const [after] = await query<{ micros: string }>(url, clock);
    const { entries } = await contents(url);
    const times = entries.filter(({ writeId }) => writeId === command.id).map(({ timeMicros }) => timeMicros);
    expect(times.length).toBe(4);
    expect(new Set(times).size).toBe(2);
    for (const time of times) {
      expect(time).toBeGreaterThan(Number(before!.micros));
      expect(time).toBeLessThan(Number(after!.micros) + 2);
    }
  });

  it('never runs backwards, in either of two servers, though a branch is in the future (R8, trap 14)', async () => {
    const url = await bank();
    const future = 4_102_444_800_000_000;
    const early = deposit(ann, 1n);
    await openStore(url).transact([early], ({ books }) => executeBatch(books, [early], future).changes);
    const [one, other] = [openStore(url), openStore(url)];
    for (let round = 0; round < 5; round++) {
      await Promise.all([
        transact(one, transfer(ann, eve, 1n), deposit(eve, 1n)),
        transact(other, deposit(eve, 1n), transfer(ann, eve, 1n), deposit(ann, 1n)),
      ]);
    }
    const { branches } = await contents(url);
    for (const { timeMicros } of branches) expect(timeMicros).toBeGreaterThan(future);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('is read after the wait for the locks: who comes later is later (R8, trap 14)', async () => {
    const url = await bank();
    const holder = await openSession(url);
    await holder.query('begin');
    await holder.query('select * from branches where branch_id = 1 for update');
    const waiting = transact(openStore(url), deposit(ann, 1n));
    await lockWaiters(url);
    const { rows } = await holder.query<{ micros: string }>(
      `select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros`,
    );
    await holder.query('commit');
    const [outcome] = await waiting;
    const time = outcome?.kind === 'applied' ? outcome.entries[0]!.timeMicros : 0;
    expect(time).toBeGreaterThan(Number(rows[0]!.micros));
  });
});
