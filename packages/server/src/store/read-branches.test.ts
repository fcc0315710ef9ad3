import { beforeAll, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import { bankDatabase, contents, openReads } from './bank-database.fixture.js';
import { readBranch, readBranches, someBranchExists } from './read-branches.js';

const ann = { branch: 0, serial: 1 };
const euros = { branch: 0, serial: 2 };

let url: string;

beforeAll(async () => {
  url = await bankDatabase(
    initializeBranch(0, 1_000n),
    initializeBranch(3, 0n, { currency: 'EUR' }),
    initializeBranch(9_999, 7n),
    openAccount(0, 'ann'),
    openAccount(0, 'ann', { currency: 'EUR' }),
    openAccount(3, 'eve', { currency: 'EUR' }),
    deposit(ann, 100n),
    withdraw(ann, 30n),
    deposit(euros, 5n, { currency: 'EUR' }),
    transfer(euros, { branch: 3, serial: 1 }, 4n, { currency: 'EUR' }),
  );
});

describe('a branch', () => {
  it('tells its position, its time, and the cash in its vault per currency (R3)', async () => {
    const { branches } = await contents(url);
    expect(await readBranch(openReads(url), 0)).toEqual({
      ...branches[0],
      cash: [
        { currency: 'EUR', amount: 5n },
        { currency: 'USD', amount: 1_070n },
      ],
    });
  });

  it('that there is not is an error', async () => {
    await expect(readBranch(openReads(url), 4)).rejects.toMatchObject({
      reason: 'BRANCH_NOT_FOUND',
      metadata: { branch: '4' },
    });
  });

  it.each([
    [[0, 10], true],
    [[4], false],
    [[9_999], true],
  ])('of %j exists: %s', async (branches, exists) => {
    expect(await someBranchExists(openReads(url), branches)).toBe(exists);
  });
});

describe('the branches', () => {
  it('are listed in order, page by page, branch 0 included', async () => {
    const database = openReads(url);
    const ids = async (after: number) => (await readBranches(database, after, 2)).map(({ id }) => id);
    expect([await ids(-1), await ids(3), await ids(9_999)]).toEqual([[0, 3], [9_999], []]);
  });
});
