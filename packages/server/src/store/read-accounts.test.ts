import { beforeAll, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, seedDeposit, transfer } from '../ledger/commands.fixture.js';
import { interbranchOf, vaultOf } from '../ledger/memory-bank.fixture.js';
import { balanceOf } from '../ledger/state.js';
import { bankDatabase, openReads, openStore, transact } from './bank-database.fixture.js';
import { readAccount, readAccounts, readSeedAccount } from './read-accounts.js';

const all = { customer: undefined, includeInternal: false, after: 0, limit: 100 };

let url: string;

beforeAll(async () => {
  url = await bankDatabase(
    initializeBranch(1, 10n),
    initializeBranch(10, 0n),
    ...['ann', 'bob', 'ann', 'eve'].map((customer) => openAccount(1, customer)),
    openAccount(10, 'ann'),
    deposit({ branch: 1, serial: 1 }, 5n),
    transfer({ branch: 1, serial: 1 }, { branch: 10, serial: 1 }, 2n),
    seedDeposit(20, 7n),
  );
});

describe('an account', () => {
  it('is read as the last acknowledged write left it (R12)', async () => {
    const database = openReads(url);
    const store = openStore(url);
    const eve = { branch: 1, serial: 4 };
    for (let total = 1n; total <= 5n; total++) {
      await transact(store, deposit(eve, 1n));
      expect(balanceOf(await readAccount(database, eve))).toBe(total);
    }
  });

  it("may be one of the bank's own (R3)", async () => {
    const database = openReads(url);
    expect(await readAccount(database, vaultOf(10))).toMatchObject({ kind: 'vault', customer: undefined });
    expect(await readAccount(database, interbranchOf(1, 10))).toMatchObject({
      kind: 'interbranch',
      peerBranch: 10,
      postedCredits: 2n,
    });
  });

  it('that there is not is told from a branch that there is not', async () => {
    const database = openReads(url);
    await expect(readAccount(database, { branch: 1, serial: 99 })).rejects.toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
    });
    await expect(readAccount(database, { branch: 7, serial: 1 })).rejects.toMatchObject({
      reason: 'BRANCH_NOT_FOUND',
      metadata: { branch: '7' },
    });
  });
});

describe('the accounts of a branch', () => {
  it.each([
    ['all customers', {}, [1, 2, 3, 4]],
    ['one customer', { customer: 'ann' }, [1, 3]],
    ['a customer without any', { customer: 'zoe' }, []],
    ['a page', { limit: 2 }, [1, 2]],
    ['the page after it', { after: 2, limit: 2 }, [3, 4]],
    ['the page after the last', { after: 4 }, []],
    ['one page of one customer', { customer: 'ann', after: 1, limit: 1 }, [3]],
  ])('are listed in order: %s', async (_what, filter, serials) => {
    const accounts = await readAccounts(openReads(url), { branch: 1, ...all, ...filter });
    expect(accounts.map(({ serial }) => serial)).toEqual(serials);
  });

  it("include the bank's own if asked for", async () => {
    const accounts = await readAccounts(openReads(url), { branch: 1, ...all, includeInternal: true });
    expect(accounts.map(({ kind }) => kind)).toEqual([
      ...Array<string>(4).fill('customer'),
      'vault',
      'capital',
      'interbranch',
    ]);
  });

  it('are an error of a branch that there is not', async () => {
    await expect(readAccounts(openReads(url), { branch: 7, ...all })).rejects.toMatchObject({
      reason: 'BRANCH_NOT_FOUND',
    });
  });
});

describe("the seed customer's account", () => {
  it('is found in whichever of its branches it is', async () => {
    const database = openReads(url);
    expect(await readSeedAccount(database, [0, 10], 'seed:20')).toMatchObject({
      branch: 10,
      postedCredits: 7n,
    });
    expect(await readSeedAccount(database, [0, 10], 'seed:0')).toBeUndefined();
    expect(await readSeedAccount(database, [1], 'seed:20')).toBeUndefined();
  });
});
