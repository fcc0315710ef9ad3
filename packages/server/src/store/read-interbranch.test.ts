import { beforeAll, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer } from '../ledger/commands.fixture.js';
import { bankDatabase, openReads } from './bank-database.fixture.js';
import { readInterbranchPositions, type InterbranchFilter, type InterbranchKey } from './read-interbranch.js';

const BRANCHES = [0, 1, 2, 10];
const CURRENCIES = ['EUR', 'USD'];

/** The first account of a branch is in EUR, the second in USD. */
const account = (branch: number, currency: string) => ({ branch, serial: CURRENCIES.indexOf(currency) + 1 });

const sent: (InterbranchKey & { readonly amount: bigint })[] = [
  { branch: 2, peer: 1, currency: 'USD', amount: 5n },
  { branch: 1, peer: 2, currency: 'USD', amount: 2n },
  { branch: 1, peer: 2, currency: 'EUR', amount: 1n },
  { branch: 0, peer: 10, currency: 'USD', amount: 7n },
  { branch: 10, peer: 2, currency: 'EUR', amount: 4n },
  { branch: 0, peer: 1, currency: 'EUR', amount: 3n },
];

/** A positive balance is what the lower branch owes: it has sent more than it got. */
const expected = [
  { branch: 0, peer: 1, currency: 'EUR', balance: 3n, peerBalance: -3n },
  { branch: 0, peer: 10, currency: 'USD', balance: 7n, peerBalance: -7n },
  { branch: 1, peer: 2, currency: 'EUR', balance: 1n, peerBalance: -1n },
  { branch: 1, peer: 2, currency: 'USD', balance: -3n, peerBalance: 3n },
  { branch: 2, peer: 10, currency: 'EUR', balance: -4n, peerBalance: 4n },
];

let url: string;

beforeAll(async () => {
  url = await bankDatabase(
    ...BRANCHES.map((branch) => initializeBranch(branch, 0n)),
    ...BRANCHES.flatMap((branch) =>
      CURRENCIES.flatMap((currency) => [
        openAccount(branch, 'ann', { currency }),
        deposit(account(branch, currency), 100n, { currency }),
      ]),
    ),
    ...sent.map(({ branch, peer, currency, amount }) =>
      transfer(account(branch, currency), account(peer, currency), amount, { currency }),
    ),
  );
});

async function pages(filter: Omit<InterbranchFilter, 'after'>) {
  const database = openReads(url);
  const all = [];
  for (let after: InterbranchKey | undefined; ; after = all.at(-1)) {
    const page = await readInterbranchPositions(database, { ...filter, after });
    all.push(...page);
    if (page.length < filter.limit) return all;
  }
}

it.each([1, 2, 3, 5, 100])(
  'stand side by side, each pair once and in order, %i at a time (R7)',
  async (limit) => {
    expect(await pages({ branch: undefined, limit })).toEqual(expected);
  },
);

it.each(BRANCHES)('of branch %i alone are those with its pairs, whichever end it is', async (branch) => {
  const own = expected.filter((pair) => pair.branch === branch || pair.peer === branch);
  expect(own.length).toBeGreaterThan(1);
  for (const limit of [1, 2, 100]) expect(await pages({ branch, limit })).toEqual(own);
});

it('of no branch are an error', async () => {
  await expect(
    readInterbranchPositions(openReads(url), { branch: 7, after: undefined, limit: 1 }),
  ).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
});
