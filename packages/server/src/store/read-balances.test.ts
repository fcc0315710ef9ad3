import type { AccountRef } from '@giro/sdk/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  deposit,
  initializeBranch,
  openAccount,
  placeHold,
  setOverdraftLimit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { interbranchOf, vaultOf } from '../ledger/memory-bank.fixture.js';
import { bankDatabase, contents, openReads, openStore, transact } from './bank-database.fixture.js';
import { readBalances, readBalancesAt } from './read-balances.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 20, serial: 1 };

let url: string;
let entries: readonly Entry[];

beforeAll(async () => {
  url = await bankDatabase(
    initializeBranch(1, 500n),
    openAccount(1, 'ann'),
    deposit(ann, 100n),
    initializeBranch(20, 0n),
    openAccount(20, 'eve'),
    openAccount(1, 'bob'),
    ...Array.from({ length: 12 }, () => [
      transfer(ann, eve, 5n),
      transfer(eve, bob, 2n),
      withdraw(bob, 1n),
      deposit(eve, 1n),
    ]).flat(),
    setOverdraftLimit(ann, 1_000n),
    placeHold(ann, eve, 7n),
  );
  entries = (await contents(url)).entries;
});

/** The account's balance after the entries that are early enough. */
function balanceOf({ branch, serial }: AccountRef, isEarly: (entry: Entry) => boolean): bigint {
  let balance = 0n;
  for (const entry of entries) {
    if (entry.branch !== branch || entry.change.kind !== 'posting' || !isEarly(entry)) continue;
    const { debit, credit, debitBalance, creditBalance } = entry.change;
    if (debit === serial) balance = debitBalance;
    if (credit === serial) balance = creditBalance;
  }
  return balance;
}

const accounts = [ann, eve, bob, vaultOf(1), interbranchOf(20, 1), ann];

describe('balances now', () => {
  it('come in the order asked for, of any branches, each with how far its branch had got', async () => {
    const { branches } = await contents(url);
    const [one, twenty] = branches;
    const balances = await readBalances(openReads(url), accounts);
    expect(balances.map(({ branch, serial }) => ({ branch, serial }))).toEqual(
      accounts.map(({ branch, serial }) => ({ branch, serial })),
    );
    expect(balances.map(({ balance }) => balance)).toEqual(
      accounts.map((account) => balanceOf(account, () => true)),
    );
    for (const { branch, position, timeMicros } of balances) {
      const { position: last, timeMicros: lastMicros } = branch === 1 ? one! : twenty!;
      expect([position, timeMicros]).toEqual([last, lastMicros]);
    }
    expect(balances[0]).toMatchObject({ balance: 40n, available: 1_033n, currency: 'USD' });
  });

  it('of several accounts are one snapshot: money on its way is in one of them, never in both or neither (R12)', async () => {
    const url = await bankDatabase(
      initializeBranch(1, 0n),
      initializeBranch(20, 0n),
      openAccount(1, 'ann'),
      openAccount(20, 'eve'),
      deposit(ann, 1_000n),
    );
    const [database, store] = [openReads(url), openStore(url)];
    const progress = { writing: true };
    const write = async () => {
      for (let n = 0; n < 40; n++) await transact(store, transfer(ann, eve, 3n), transfer(eve, ann, 1n));
      progress.writing = false;
    };
    const written = write();
    const sums = new Set<bigint>();
    while (progress.writing) {
      const balances = await readBalances(database, [ann, eve]);
      sums.add(balances.reduce((sum, { balance }) => sum + balance, 0n));
    }
    await written;
    expect([...sums]).toEqual([1_000n]);
  });

  it('leave out what holds reserve that are due (trap 15)', async () => {
    const url = await bankDatabase(
      initializeBranch(1, 0n),
      openAccount(1, 'ann'),
      openAccount(1, 'bob'),
      deposit(ann, 10n),
    );
    await transact(openStore(url), placeHold(ann, bob, 4n), placeHold(ann, bob, 3n, { expiresInMs: 1 }));
    const database = openReads(url);
    await expect.poll(async () => (await readBalances(database, [ann]))[0]?.available).toBe(6n);
  });
});

describe('balances at a position', () => {
  it('are those right after its entry, whatever came later', async () => {
    const database = openReads(url);
    const ours = [ann, bob, vaultOf(1)];
    for (const entry of entries.filter(({ branch }) => branch === 1)) {
      const { position, timeMicros } = entry;
      const expected = ours.map((account) => ({
        ...{ branch: 1, serial: account.serial, currency: 'USD', position, timeMicros, available: undefined },
        balance: balanceOf(account, (earlier) => earlier.position <= position),
      }));
      expect(await readBalancesAt(database, ours, { position })).toEqual(expected);
    }
    expect(await readBalancesAt(database, [ann], { position: 0 })).toMatchObject([
      { balance: 0n, position: 0, timeMicros: undefined },
    ]);
  });

  it('that the journal does not reach are an error', async () => {
    const last = entries.filter(({ branch }) => branch === 1).length;
    await expect(readBalancesAt(openReads(url), [ann], { position: last + 1 })).rejects.toMatchObject({
      reason: 'POSITION_NOT_FOUND',
      metadata: { branch: '1', position: String(last + 1), last: String(last) },
    });
  });
});

describe('balances at a time', () => {
  it('are those after all entries up to it, in every branch, at the place and time they name', async () => {
    const database = openReads(url);
    const times = entries.flatMap(({ timeMicros }) => [timeMicros - 1, timeMicros]);
    for (const time of new Set([0, ...times, Math.max(...times) + 1_000_000])) {
      const early = ({ timeMicros }: Entry) => timeMicros <= time;
      const expected = accounts.map((account) => {
        const last = entries.findLast((entry) => entry.branch === account.branch && early(entry));
        return {
          ...{ branch: account.branch, serial: account.serial, currency: 'USD', available: undefined },
          ...{
            position: last?.position ?? 0,
            timeMicros: last?.timeMicros,
            balance: balanceOf(account, early),
          },
        };
      });
      expect(await readBalancesAt(database, accounts, { timeMicros: BigInt(time) })).toEqual(expected);
    }
  });
});

it.each<[string, AccountRef, object]>([
  [
    'an account',
    { branch: 1, serial: 99 },
    { reason: 'ACCOUNT_NOT_FOUND', metadata: { account: '1-99-42' } },
  ],
  ['a branch', { branch: 2, serial: 1 }, { reason: 'BRANCH_NOT_FOUND', metadata: { branch: '2' } }],
])('%s that there is not is an error', async (_what, missing, error) => {
  const database = openReads(url);
  await expect(readBalances(database, [ann, missing])).rejects.toMatchObject(error);
  await expect(readBalancesAt(database, [ann, missing], { timeMicros: 0n })).rejects.toMatchObject(error);
});
