import { describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import type { Command } from '../ledger/command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import type { Outcome } from '../ledger/execute.js';
import {
  bankDatabase,
  brokenRules,
  contents,
  entriesOf,
  lockBranch,
  lockWaiters,
  openSession,
  openStore,
  transact,
} from './bank-database.fixture.js';

const branches = [1, 2, 3, 4, 5];
const first = (branch: number) => ({ branch, serial: 1 });

function bank(): Promise<string> {
  return bankDatabase(
    ...branches.map((branch) => initializeBranch(branch, 0n)),
    ...branches.map((branch) => openAccount(branch, 'ann')),
    ...branches.map((branch) => deposit(first(branch), 1_000n)),
  );
}

describe('locks', () => {
  it('are taken in an order of their own: opposite transfers at once never deadlock (trap 5)', async () => {
    const url = await bank();
    const stores = Array.from({ length: 6 }, () => openStore(url));
    const pairs = branches.slice(1).flatMap((to) => [
      { from: to - 1, to },
      { from: to, to: to - 1 },
    ]);
    for (let round = 0; round < 15; round++) {
      const commands = pairs.map(({ from, to }) => transfer(first(from), first(to), 1n));
      await Promise.all(
        stores.map((store, index) =>
          transact(store, ...(index % 2 === 0 ? commands : [...commands].reverse())),
        ),
      );
    }
    expect(await brokenRules(url)).toEqual([]);
  });

  it('of branches that are only coming into being do not deadlock either (trap 5)', async () => {
    const url = await bank();
    const stores = Array.from({ length: 6 }, () => openStore(url));
    for (let base = 100; base < 1_600; base += 100) {
      const fresh = [base, base + 1, base + 2, base + 3];
      const outcomes = await Promise.all(
        stores.map((store, index) => {
          const commands = fresh.map((branch): Command => initializeBranch(branch, BigInt(index)));
          commands.push(transfer(first(1), first(2), 1n));
          return transact(store, ...(index % 2 === 0 ? commands : commands.reverse()));
        }),
      );
      const kinds = outcomes.flat().filter((outcome) => outcome.kind === 'applied');
      expect(kinds.length).toBe(fresh.length + stores.length);
    }
    expect(await brokenRules(url)).toEqual([]);
  });

  it('once had show balances as they are then, not as they were before the wait (trap 4)', async () => {
    const url = await bank();
    const [ahead, behind] = [await openSession(url), openStore(url)];
    await ahead.query('begin');
    await ahead.query('select * from branches where branch_id = 1 for update');
    const command = withdraw(first(1), 600n);
    const waiting = transact(behind, command);
    await lockWaiters(url);
    // What another server writes in its turn.
    await ahead.query('update accounts set posted_debits = 600 where branch_id = 1 and serial = 1');
    await ahead.query('update branches set position = position + 1 where branch_id = 1');
    await ahead.query('commit');
    expect(await waiting).toMatchObject([
      { kind: 'refused', refusal: { reason: 'INSUFFICIENT_FUNDS', metadata: { available: '400' } } },
    ]);
  });

  it('are waited for where transactions are serializable by default, too (trap 4)', async () => {
    const url = await bank();
    const name = new URL(url).pathname.slice(1);
    await query(url, `alter database ${name} set default_transaction_isolation = 'serializable'`);
    const release = await lockBranch(url, 1);
    const [ahead, behind] = [openStore(url), openStore(url)];
    const waiting = [transact(ahead, withdraw(first(1), 600n))];
    await lockWaiters(url);
    waiting.push(transact(behind, withdraw(first(1), 600n)));
    await lockWaiters(url, 2);
    await release();
    expect((await Promise.all(waiting)).flat()).toMatchObject([
      { kind: 'applied' },
      { kind: 'refused', refusal: { reason: 'INSUFFICIENT_FUNDS', metadata: { available: '400' } } },
    ]);
  });

  it('keep servers from spending the same money twice (R4)', async () => {
    const url = await bank();
    const stores = Array.from({ length: 5 }, () => openStore(url));
    const outcomes = await Promise.all(
      stores.map((store) =>
        transact(
          store,
          withdraw(first(1), 300n),
          transfer(first(1), first(2), 300n),
          withdraw(first(1), 300n),
        ),
      ),
    );
    expect(outcomes.flat().filter(({ kind }) => kind === 'applied').length).toBe(3);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('let one of several servers apply a write, and the others replay it (R5, trap 6)', async () => {
    const url = await bank();
    const stores = Array.from({ length: 5 }, () => openStore(url));
    const commands = [
      transfer(first(1), first(2), 7n),
      initializeBranch(9, 50n),
      openAccount(3, 'bob'),
      withdraw(first(4), 5_000n),
      seedDeposit(5, 5n),
    ];
    const outcomes = await Promise.all(stores.map((store) => transact(store, ...commands)));
    commands.forEach((_command, index) => {
      const answers = outcomes.map((answered) => answered[index]!);
      const original = answers.find(({ replayed }) => !replayed);
      const replays = answers.filter(({ replayed }) => replayed);
      expect(replays).toEqual(Array<Outcome>(4).fill({ ...original!, replayed: true }));
    });
    expect(await brokenRules(url)).toEqual([]);
  });
});

describe('what is loaded', () => {
  it('leaves a branch that is not there unlocked, unseen and unmade (R5)', async () => {
    const url = await bank();
    const outcomes = await transact(
      openStore(url),
      transfer(first(1), first(77), 1n),
      openAccount(78, 'bob'),
      seedDeposit(0, 1n),
    );
    expect(outcomes.map((outcome) => outcome.kind === 'refused' && outcome.refusal.reason)).toEqual([
      'BRANCH_NOT_FOUND',
      'BRANCH_NOT_FOUND',
      'BRANCH_NOT_FOUND',
    ]);
    expect((await contents(url)).branches.map(({ id }) => id)).toEqual(branches);
  });

  it('is not decided on if its branch came into being too late to be locked', async () => {
    const url = await bankDatabase(initializeBranch(10, 0n));
    const [store, other, holder] = [openStore(url), openStore(url), await openSession(url)];
    await holder.query('begin');
    await holder.query('select * from branches where branch_id = 10 for update');
    const command = seedDeposit(0, 5n);
    const waiting = transact(store, command);
    waiting.catch(() => undefined);
    await lockWaiters(url);
    // There was no branch 0 to lock; now there is, and the customer's account is in it.
    await transact(other, initializeBranch(0, 0n), openAccount(0, 'seed:0'));
    await holder.query('rollback');
    await expect(waiting).rejects.toMatchObject({
      failure: 'conflict',
      message: 'conflict: branch 0 has come into being meanwhile',
    });
    const [outcome] = await transact(store, command);
    expect(entriesOf(outcome).map(({ branch }) => branch)).toEqual([0]);
  });

  it('finds the one account of a seed customer that several servers open at once', async () => {
    const url = await bankDatabase(initializeBranch(3, 0n), initializeBranch(10, 0n));
    const stores = Array.from({ length: 5 }, () => openStore(url));
    await Promise.all(
      stores.map((store) => transact(store, seedDeposit(13, 1n), seedDeposit(20, 2n), seedDeposit(13, 4n))),
    );
    const { accounts } = await contents(url);
    expect(
      accounts.flatMap(({ branch, customer, postedCredits }) =>
        customer ? [[branch, customer, postedCredits]] : [],
      ),
    ).toEqual([
      [3, 'seed:13', 25n],
      [10, 'seed:20', 10n],
    ]);
    expect(await brokenRules(url)).toEqual([]);
  });
});
