import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from 'pg';
import { query } from '../../test-support/database.js';
import type { Command } from '../ledger/command.js';
import {
  captureHold,
  deposit,
  freezeAccount,
  group,
  initializeBranch,
  openAccount,
  placeHold,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import {
  bankDatabase,
  brokenRules,
  contents,
  openStore,
  optimistically,
  transact,
} from './bank-database.fixture.js';
import type { PostgresStore } from './postgres-store.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

let url: string;
let store: PostgresStore;

beforeEach(async () => {
  url = await bankDatabase(
    initializeBranch(1, 0n),
    initializeBranch(2, 0n),
    openAccount(1, 'ann'),
    openAccount(1, 'bob'),
    openAccount(2, 'eve'),
    deposit(ann, 1_000n),
  );
  store = openStore(url);
});

/** The statements that a transaction sends to the database. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const queries = vi.spyOn(Client.prototype, 'query');
  try {
    await work();
    return queries.mock.calls.map(([sent]) => {
      const config = sent as string | { name?: string; text: string };
      return typeof config === 'string' ? config : (config.name ?? config.text);
    });
  } finally {
    queries.mockRestore();
  }
}

describe('what a store remembers', () => {
  it('is asked for once: from then on a transfer is one round trip', async () => {
    const first = await statementsOf(() => optimistically(store, transfer(ann, bob, 1n)));
    expect(first).toEqual(expect.arrayContaining(['known-branches', 'known-accounts', 'known-clock']));
    const next = await statementsOf(() => optimistically(store, transfer(bob, ann, 1n)));
    expect(next.filter((name) => name.startsWith('known-') || name === 'lock')).toEqual([]);
    expect(next[0]).toMatch(/^begin/);
    expect(next.at(-1)).toBe('commit');
    expect(await brokenRules(url)).toEqual([]);
  });

  it('goes on with what it has written itself (R4)', async () => {
    await optimistically(store, transfer(ann, bob, 600n));
    const outcomes = [
      ...(await optimistically(store, transfer(ann, bob, 600n))),
      ...(await optimistically(store, transfer(bob, ann, 600n), transfer(ann, eve, 1_000n))),
    ];
    expect(outcomes).toMatchObject([
      { kind: 'refused', refusal: { reason: 'INSUFFICIENT_FUNDS' } },
      { kind: 'applied' },
      { kind: 'applied' },
    ]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('goes on with what it has written under locks', async () => {
    await optimistically(store, transfer(ann, bob, 1n));
    await transact(store, withdraw(ann, 900n));
    expect(await optimistically(store, transfer(ann, bob, 100n))).toMatchObject([
      { kind: 'refused', refusal: { reason: 'INSUFFICIENT_FUNDS' } },
    ]);
    expect(await brokenRules(url)).toEqual([]);
  });

  it('is found out by the fence if another server has written: of a freeze, too (trap 1)', async () => {
    await optimistically(store, transfer(ann, bob, 1n));
    await transact(openStore(url), freezeAccount(ann));
    const before = await contents(url);
    const late = transfer(ann, bob, 1n);
    await expect(optimistically(store, late)).rejects.toMatchObject({ failure: 'conflict' });
    expect(await contents(url)).toEqual(before);
    expect(await transact(store, late)).toMatchObject([
      { kind: 'refused', refusal: { reason: 'ACCOUNT_FROZEN' } },
    ]);
  });
});

describe('an id that was used before', () => {
  it('is not known to what is remembered: the index over the ids finds it (trap 6)', async () => {
    const [used, group1] = [transfer(ann, bob, 1n), group([transfer(ann, bob, 2n), deposit(bob, 1n)])];
    await optimistically(store, used);
    await transact(store, group1);
    const before = await contents(url);
    for (const again of [used, { ...used, amount: 2n }, ...group1.members]) {
      const failing = optimistically(store, deposit(ann, 1n), again);
      await expect(failing).rejects.toMatchObject({ failure: 'conflict' });
    }
    expect(await contents(url)).toEqual(before);
  });

  it('is looked up where the answer would not be written down', async () => {
    await optimistically(store, transfer(ann, bob, 1n));
    const elsewhere = { ...transfer(ann, bob, 1n), preconditions: [{ account: eve, balanceAtLeast: 0n }] };
    const failing = optimistically(store, deposit(ann, 1n), elsewhere);
    await expect(failing).rejects.toMatchObject({ failure: 'conflict' });
    expect(await optimistically(store, deposit(ann, 1n))).toMatchObject([{ kind: 'applied' }]);
  });
});

describe('what is not decided on what is remembered', () => {
  it.each<[string, (hold: ReturnType<typeof placeHold>) => Command]>([
    ['what refers to an earlier write', (hold) => captureHold(1, hold)],
    ['what makes a branch', () => initializeBranch(3, 0n)],
    ['what names a branch that is not there', () => deposit({ branch: 4, serial: 1 }, 1n)],
  ])('%s is decided under locks', async (_what, commandOf) => {
    const hold = placeHold(ann, bob, 5n);
    await optimistically(store, hold);
    const names = await statementsOf(() => optimistically(store, commandOf(hold)));
    expect(names).toContain('lock');
    expect(await brokenRules(url)).toEqual([]);
  });

  it('an account of which a hold expires soon: it is settled first (trap 15)', async () => {
    await optimistically(store, placeHold(ann, bob, 900n, { expiresInMs: 300 }));
    const early = await optimistically(store, transfer(ann, bob, 500n));
    expect(early).toMatchObject([{ kind: 'refused', refusal: { reason: 'INSUFFICIENT_FUNDS' } }]);
    await vi.waitUntil(async () => {
      const [row] = await query<{ due: boolean }>(
        url,
        'select expires_micros < extract(epoch from clock_timestamp()) * 1000000 as due from holds',
      );
      return row?.due === true;
    });
    expect(await optimistically(store, transfer(ann, bob, 500n))).toMatchObject([{ kind: 'applied' }]);
    expect((await contents(url)).holds).toMatchObject([{ status: 'expired' }]);
    expect(await brokenRules(url)).toEqual([]);
  });
});
