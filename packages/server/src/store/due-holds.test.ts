import { describe, expect, it, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import type { Command, PlaceHold } from '../ledger/command.js';
import {
  deposit,
  expireHolds,
  initializeBranch,
  openAccount,
  placeHold,
  withdraw,
} from '../ledger/commands.fixture.js';
import { Committer } from '../commit/committer.js';
import { executeBatch } from '../ledger/execute-batch.js';
import type { PostgresStore } from './postgres-store.js';
import { bankDatabase, brokenRules, contents, openStore, transact } from './bank-database.fixture.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const zoe = { branch: 1, serial: 3 };
const eve = { branch: 2, serial: 1 };

const HOUR_MS = 3_600_000;

function bank(...commands: Command[]): Promise<string> {
  return bankDatabase(
    initializeBranch(1, 0n),
    initializeBranch(2, 0n),
    ...['ann', 'bob', 'zoe'].map((customer) => openAccount(1, customer)),
    openAccount(2, 'eve'),
    deposit(ann, 3_000n),
    ...commands,
  );
}

/** Waits until the database's clock says that all holds that are to expire soon are due. */
async function untilDue(url: string): Promise<void> {
  await vi.waitUntil(async () => {
    const [row] = await query<{ due: boolean }>(
      url,
      `select coalesce(max(expires_micros), 0) < extract(epoch from clock_timestamp()) * 1000000 as due
       from holds where expires_micros - placed_micros < 60000000`,
    );
    return row?.due === true;
  });
}

/** Has a command decided at a time when holds of an hour are due, in the branch that it touches. */
async function moveTimeOn(store: PostgresStore, command: Command): Promise<void> {
  await store.transact(
    [command],
    ({ books, clockMicros }) => executeBatch(books, [command], clockMicros + 2_000 * HOUR_MS).changes,
  );
}

function soon(to: typeof bob, amount: bigint): PlaceHold {
  return placeHold(ann, to, amount, { expiresInMs: 1 });
}

async function held(url: string): Promise<Record<string, [bigint, bigint]>> {
  const { accounts } = await contents(url);
  return Object.fromEntries(
    accounts.map(({ branch, kind, customer, heldDebits, heldCredits }) => [
      `${branch} ${customer ?? kind}`,
      [heldDebits, heldCredits],
    ]),
  );
}

async function expired(url: string): Promise<string[]> {
  const { entries } = await contents(url);
  return entries.filter(({ change }) => change.kind === 'holdExpired').map(({ writeId }) => writeId);
}

describe('holds that are due', () => {
  it('are loaded with both of their accounts, though only the payer is named (trap 15)', async () => {
    const holds = [soon(bob, 1_000n), soon(eve, 1_500n), placeHold(ann, bob, 5n, { expiresInMs: HOUR_MS })];
    const url = await bank(...holds);
    await untilDue(url);
    const outcomes = await transact(openStore(url), withdraw(ann, 2_995n));
    expect(outcomes).toMatchObject([{ kind: 'applied' }]);
    expect(await expired(url)).toEqual([holds[0]!.id, holds[1]!.id]);
    expect(await held(url)).toMatchObject({
      '1 ann': [5n, 0n],
      '1 bob': [0n, 5n],
      '1 interbranch': [0n, 0n],
      '2 interbranch': [1_500n, 0n],
      '2 eve': [0n, 1_500n],
    });
    expect(await brokenRules(url)).toEqual([]);
  });

  it('are loaded as well when only the payee is named, in its branch (trap 15)', async () => {
    const hold = soon(eve, 10n);
    const url = await bank(hold, soon(bob, 1n));
    await untilDue(url);
    await transact(openStore(url), deposit(eve, 1n));
    expect(await held(url)).toMatchObject({
      '2 interbranch': [0n, 0n],
      '2 eve': [0n, 0n],
      '1 ann': [11n, 0n],
    });
    expect(await expired(url)).toEqual([hold.id]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('are due by the time of the branch, where the clock has been set back (R8, trap 14)', async () => {
    const url = await bank(placeHold(ann, bob, 3_000n, { expiresInMs: HOUR_MS }));
    const store = openStore(url);
    expect(await transact(store, withdraw(ann, 1n))).toMatchObject([{ kind: 'refused' }]);
    await moveTimeOn(store, deposit(zoe, 1n));
    expect(await transact(store, withdraw(ann, 3_000n))).toMatchObject([{ kind: 'applied' }]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('of a whole branch are swept, some thousands at a time', async () => {
    const url = await bank();
    const store = openStore(url);
    for (let count = 0; count < 2_500; count += 500) {
      const holds = Array.from({ length: 500 }, (_, index) =>
        placeHold(ann, index % 2 === 0 ? bob : eve, 1n, { expiresInMs: HOUR_MS }),
      );
      await transact(store, ...holds);
    }
    await moveTimeOn(store, deposit(zoe, 1n));
    const sweepers = new Committer(store, { warn: () => undefined });
    const counts: number[] = [];
    for (let sweep = 0; sweep < 3; sweep++) {
      await sweepers.submit(expireHolds(1));
      counts.push((await expired(url)).length);
    }
    expect(counts).toEqual([2_000, 2_500, 2_500]);
    expect(await held(url)).toMatchObject({
      '1 ann': [0n, 0n],
      '1 bob': [0n, 0n],
      '1 interbranch': [0n, 0n],
    });
    expect(await brokenRules(url)).toEqual([]);
  });
});
