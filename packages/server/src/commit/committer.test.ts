import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import type { Command } from '../ledger/command.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import type { Outcome } from '../ledger/execute.js';
import {
  backends,
  bankDatabase,
  brokenRules,
  contents,
  lockBranch,
  lockWaiters,
  openSession,
  openStore,
} from '../store/bank-database.fixture.js';
import { lineTo } from '../store/line.fixture.js';
import { Committer, COMMIT_COMMANDS_MAX, QUEUE_COMMANDS_MAX } from './committer.js';

const ann = { branch: 1, serial: 1 };
const eve = { branch: 2, serial: 1 };

let url: string;

beforeEach(async () => {
  url = await bankDatabase(
    initializeBranch(1, 0n),
    initializeBranch(2, 0n),
    openAccount(1, 'ann'),
    openAccount(2, 'eve'),
    deposit(ann, 1_000n),
  );
});

afterEach(async () => {
  expect(await brokenRules(url)).toEqual([]);
});

/** A committer on the database, and the batches that it has tried. */
function committerOn(databaseUrl: string) {
  const store = openStore(databaseUrl);
  const transact = vi.spyOn(store, 'transact');
  const committer = new Committer(store, { warn: () => undefined });
  onTestFinished(() => committer.close());
  return { committer, batches: () => transact.mock.calls.map(([commands]) => commands) };
}

function settle(answers: readonly Promise<Outcome>[]): Promise<string[]> {
  return Promise.all(answers.map((answer) => answer.then(nameOf, (error: unknown) => reasonOf(error))));
}

function nameOf(outcome: Outcome): string {
  return `${outcome.kind === 'applied' ? 'applied' : outcome.refusal.reason}${outcome.replayed ? ' before' : ''}`;
}

function reasonOf(error: unknown): string {
  return (error as { reason?: string }).reason ?? String(error);
}

async function entriesBy({ id }: Command): Promise<number> {
  return (await query(url, 'select 1 from entries where write_id = $1', [id])).length;
}

describe('batches', () => {
  it('are what has come in meanwhile: nobody waits for a timer, a crowd shares a commit', async () => {
    const { committer, batches } = committerOn(url);
    const release = await lockBranch(url, 1);
    const answers = [committer.submit(deposit(ann, 1n))];
    await lockWaiters(url);
    for (let count = 0; count < 50; count++) answers.push(committer.submit(transfer(ann, eve, 1n)));
    await release();
    expect(new Set(await settle(answers))).toEqual(new Set(['applied']));
    expect(batches().map(({ length }) => length)).toEqual([1, 50]);
  });

  it('hold what is submitted in one turn, up to their bound', async () => {
    const { committer, batches } = committerOn(url);
    const answers = Array.from({ length: COMMIT_COMMANDS_MAX + 5 }, () => committer.submit(deposit(ann, 1n)));
    expect(new Set(await settle(answers))).toEqual(new Set(['applied']));
    expect(batches().map(({ length }) => length)).toEqual([COMMIT_COMMANDS_MAX, 5]);
  });

  it('decide in the order of submission, each command after those before it (R4, R5)', async () => {
    const { committer } = committerOn(url);
    const command = withdraw(ann, 600n);
    const answers = [command, command, withdraw(ann, 600n), deposit(ann, 300n), withdraw(ann, 600n)];
    expect(await settle(answers.map((next) => committer.submit(next)))).toEqual([
      'applied',
      'applied before',
      'INSUFFICIENT_FUNDS',
      'applied',
      'applied',
    ]);
  });
});

describe('before its commit is done', () => {
  it('nothing of a batch is told, refusals and replays least of all (R11, trap 8)', async () => {
    const { committer } = committerOn(url);
    const replayed = deposit(ann, 1n);
    await committer.submit(replayed);
    await query(
      url,
      `create table gate as select 1;
       create function wait_at_gate() returns trigger language plpgsql as
         'begin lock table gate in share mode; return null; end';
       create constraint trigger wait_at_gate after insert on entries deferrable initially deferred
         for each row execute function wait_at_gate()`,
    );
    const gate = await openSession(url);
    await gate.query('begin; lock table gate in exclusive mode');
    const told: string[] = [];
    const commands = [deposit(ann, 1n), withdraw(ann, 5_000n), replayed, { ...replayed, amount: 2n }];
    const answers = commands.map(async (command) => {
      const outcome = await committer.submit(command);
      told.push(nameOf(outcome));
    });
    await backends(url, `wait_event_type = 'Lock' and query = 'commit'`);
    expect(told).toEqual([]);
    await gate.query('commit');
    await Promise.all(answers);
    expect(told).toEqual(['applied', 'INSUFFICIENT_FUNDS', 'applied before', 'ID_REUSED']);
  });
});

describe('what is not begun', () => {
  it('is what comes when as much is waiting as is taken (OVERLOADED)', async () => {
    const { committer, batches } = committerOn(url);
    const release = await lockBranch(url, 1);
    const first = committer.submit(deposit(ann, 1n));
    await lockWaiters(url);
    const given = { up: false };
    const fill = (count: number) =>
      Array.from({ length: count }, () => committer.submit(deposit(ann, 1n), () => given.up));
    // One more commit is begun behind the first.
    const begun = fill(COMMIT_COMMANDS_MAX);
    await vi.waitUntil(() => batches().length === 2);
    // Heard from the start: an answer that comes before anybody listens would be an unhandled rejection.
    const waiting = settle(fill(QUEUE_COMMANDS_MAX));
    const late = deposit(ann, 1n);
    expect(await settle([committer.submit(late)])).toEqual(['OVERLOADED']);
    given.up = true;
    await release();
    expect(await settle([first])).toEqual(['applied']);
    expect(new Set(await settle(begun))).toEqual(new Set(['applied']));
    expect(new Set(await waiting)).toEqual(new Set(['CANCELLED']));
    expect(await settle([committer.submit(late)])).toEqual(['applied']);
  });

  it('is what nobody waits for any more; its id stays unused', async () => {
    const { committer } = committerOn(url);
    const release = await lockBranch(url, 1);
    const begun = deposit(ann, 1n);
    const given = { up: false };
    const first = committer.submit(begun, () => given.up);
    await lockWaiters(url);
    const abandoned = withdraw(ann, 1n);
    const answers = [committer.submit(abandoned, () => given.up), committer.submit(deposit(ann, 2n))];
    given.up = true;
    await release();
    expect(await settle([first, ...answers])).toEqual(['applied', 'CANCELLED', 'applied']);
    expect(await entriesBy(abandoned)).toBe(0);
    expect(await settle([committer.submit(abandoned)])).toEqual(['applied']);
  });
});

describe('a poisoned command (trap 7)', () => {
  it.each([0, 20, 39])('at place %i gets INTERNAL alone, and its id stays unused', async (place) => {
    const { committer } = committerOn(url);
    await query(url, 'alter table entries add constraint poison check (amount is distinct from 13)');
    const commands = Array.from({ length: 40 }, (_, index) => transfer(ann, eve, index === place ? 13n : 1n));
    const answers = await settle(commands.map((command) => committer.submit(command)));
    expect(answers).toEqual(commands.map((_command, index) => (index === place ? 'INTERNAL' : 'applied')));
    expect(await entriesBy(commands[place]!)).toBe(0);
    await query(url, 'alter table entries drop constraint poison');
    expect(await settle([committer.submit(commands[place]!)])).toEqual(['applied']);
  });

  it('may be one that cannot be decided', async () => {
    const { committer } = committerOn(url);
    const poisoned = openAccount(1, 'zoe');
    await committer.submit(poisoned);
    const [kept] = await query<{ detail: string }>(url, 'select detail from entries where write_id = $1', [
      poisoned.id,
    ]);
    await query(url, 'update entries set detail = null where write_id = $1', [poisoned.id]);
    const commands = [deposit(ann, 1n), poisoned, deposit(eve, 1n)];
    expect(await settle(commands.map((command) => committer.submit(command)))).toEqual([
      'applied',
      'INTERNAL',
      'applied',
    ]);
    await query(url, 'update entries set detail = $1 where write_id = $2', [kept!.detail, poisoned.id]);
  });
});

describe('when the database is lost', () => {
  it('before the commit, the batch is tried again: one answer each, and the money moves once (R13)', async () => {
    const { committer, batches } = committerOn(url);
    const release = await lockBranch(url, 1);
    const commands = [transfer(ann, eve, 10n), withdraw(ann, 5_000n), initializeBranch(3, 5n)];
    const answers = settle(commands.map((command) => committer.submit(command)));
    const [pid] = await lockWaiters(url);
    await query(url, 'select pg_terminate_backend($1)', [pid]);
    await release();
    expect(await answers).toEqual(['applied', 'INSUFFICIENT_FUNDS', 'applied']);
    expect(batches()).toEqual([commands, commands]);
  });

  it('in the commit, likewise (R13)', async () => {
    const { committer } = committerOn(url);
    await query(
      url,
      `create table slow as select 1;
       create function slow() returns trigger language plpgsql as
         'begin if exists (select from slow) then perform pg_sleep(20); end if; return null; end';
       create constraint trigger slow after insert on entries deferrable initially deferred
         for each row execute function slow()`,
    );
    const answers = settle(
      [transfer(ann, eve, 10n), withdraw(ann, 5_000n)].map((command) => committer.submit(command)),
    );
    const [pid] = await backends(url, `wait_event = 'PgSleep'`);
    await query(url, 'delete from slow');
    await query(url, 'select pg_terminate_backend($1)', [pid]);
    expect(await answers).toEqual(['applied', 'INSUFFICIENT_FUNDS']);
  });

  it('after the commit, what was applied is found, and is no replay to those who hear of it first (R5, R13)', async () => {
    const line = await lineTo(url);
    const { committer, batches } = committerOn(line.url);
    const replayed = deposit(ann, 1n);
    await committer.submit(replayed);
    line.cutAfterCommit();
    const twice = transfer(ann, eve, 10n);
    const commands = [twice, withdraw(ann, 5_000n), replayed, twice, openAccount(1, 'zoe')];
    expect(await settle(commands.map((command) => committer.submit(command)))).toEqual([
      'applied',
      'INSUFFICIENT_FUNDS',
      'applied before',
      'applied before',
      'applied',
    ]);
    // What is remembered does not know the id that was used before: the second time is under locks.
    expect(batches()).toEqual([[replayed], commands, commands, commands]);
    expect(await settle([committer.submit(twice)])).toEqual(['applied before']);
    const { accounts } = await contents(url);
    expect(accounts.find(({ customer }) => customer === 'eve')).toMatchObject({ postedCredits: 10n });
  });

  it('for long, the outcome is unknown if the commit was on its way; the same id resolves it (R5, R13)', async () => {
    const line = await lineTo(url);
    const { committer } = committerOn(line.url);
    const command = transfer(ann, eve, 10n);
    await committer.submit(deposit(ann, 1n));
    line.cutAfterCommit();
    line.takeNoCalls();
    const answer = settle([committer.submit(command)]);
    await vi.waitUntil(async () => (await entriesBy(command)) > 0);
    passTime(6_000);
    expect(await answer).toEqual(['OUTCOME_UNKNOWN']);
    expect(await settle([committerOn(url).committer.submit(command)])).toEqual(['applied before']);
  });

  it('for long, nothing has happened if no commit was on its way (R13)', async () => {
    const line = await lineTo(url);
    line.takeNoCalls();
    const { committer, batches } = committerOn(line.url);
    const command = transfer(ann, eve, 10n);
    const answer = settle([committer.submit(command)]);
    await vi.waitUntil(() => batches().length > 0);
    passTime(6_000);
    expect(await answer).toEqual(['UNAVAILABLE']);
    expect(await entriesBy(command)).toBe(0);
  });
});

describe('close', () => {
  it('takes nothing new, and ends when everything taken is answered', async () => {
    const { committer } = committerOn(url);
    let applied = 0;
    for (let count = 0; count < 100; count++) {
      void committer.submit(transfer(ann, eve, 1n)).then(() => applied++);
    }
    const closed = committer.close();
    expect(await settle([committer.submit(deposit(ann, 1n))])).toEqual(['UNAVAILABLE']);
    await closed;
    expect(applied).toBe(100);
    await committer.close();
  });

  it('does not wait for a database that is lost', async () => {
    const line = await lineTo(url);
    line.takeNoCalls();
    const { committer, batches } = committerOn(line.url);
    const answers = settle(
      Array.from({ length: 3 * COMMIT_COMMANDS_MAX }, () => committer.submit(deposit(ann, 1n))),
    );
    await vi.waitUntil(() => batches().length > 0);
    const closed = committer.close();
    passTime(6_000);
    await closed;
    expect(new Set(await answers)).toEqual(new Set(['UNAVAILABLE']));
    // The batch that was being tried ended; those behind it were never begun.
    expect(new Set(batches().map(([first]) => first)).size).toBe(1);
  });
});

/** Makes the clock by which waits are bounded jump ahead. */
function passTime(ms: number): void {
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  onTestFinished(() => {
    clock.mockRestore();
  });
}
