import { beforeAll, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { bankDatabase, contents, openReads, openStore, transact } from './bank-database.fixture.js';
import type { Database } from './database.js';
import { readEntries, readPostings, readWrite } from './read-journal.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

/** Debits and credits of ann's account in turn, with other postings between them. */
const traffic = Array.from({ length: 30 }, () => [
  deposit(ann, 3n),
  transfer(bob, eve, 1n),
  transfer(ann, bob, 1n),
  withdraw(ann, 1n),
  transfer(eve, ann, 1n),
]).flat();

const opening = [
  initializeBranch(1, 0n),
  initializeBranch(2, 0n),
  openAccount(1, 'ann'),
  openAccount(1, 'bob'),
  openAccount(2, 'eve'),
  deposit(bob, 100n),
];

let url: string;

beforeAll(async () => {
  url = await bankDatabase(...opening, ...traffic);
});

/** Follows the pages to the end, doing something between them. */
async function allPostings(
  database: Database,
  filter: { newestFirst: boolean; limit: number; serial?: number },
  between = () => Promise.resolve<unknown>(undefined),
): Promise<Entry[]> {
  const lines: Entry[] = [];
  for (;;) {
    const from = lines.at(-1)?.position;
    const page = await readPostings(database, { ...ann, ...filter, from });
    lines.push(...page);
    if (page.length < filter.limit) return lines;
    await between();
  }
}

function postingsOf(entries: readonly Entry[], serial: number): Entry[] {
  return entries.filter(
    ({ branch, change }) =>
      branch === ann.branch && change.kind === 'posting' && [change.debit, change.credit].includes(serial),
  );
}

describe('the postings of an account', () => {
  it.each([1, 7, 40, 120, 121])(
    'come whole and in order, %i at a time, both sides of the account and both ways (R12)',
    async (limit) => {
      const database = openReads(url);
      const expected = postingsOf((await contents(url)).entries, ann.serial);
      expect(expected.length).toBe(120);
      expect(await allPostings(database, { newestFirst: false, limit })).toEqual(expected);
      expect(await allPostings(database, { newestFirst: true, limit })).toEqual(expected.reverse());
    },
  );

  it('are neither missed nor repeated while writes go on (R12)', async () => {
    const url = await bankDatabase(...opening, ...traffic);
    const database = openReads(url);
    const store = openStore(url);
    const before = postingsOf((await contents(url)).entries, ann.serial);
    let writes = 0;
    const write = () =>
      writes++ < 10 ? transact(store, deposit(ann, 3n), transfer(ann, bob, 1n)) : Promise.resolve();
    const oldestFirst = await allPostings(database, { newestFirst: false, limit: 9 }, write);
    const after = postingsOf((await contents(url)).entries, ann.serial);
    expect(after.length).toBe(before.length + 20);
    expect(oldestFirst).toEqual(after);
    writes = 0;
    const newestFirst = await allPostings(database, { newestFirst: true, limit: 9 }, write);
    expect(newestFirst).toEqual(after.reverse());
  });

  it('of an account without any are none, and those of no account are an error', async () => {
    const url = await bankDatabase(initializeBranch(1, 0n), openAccount(1, 'ann'));
    const database = openReads(url);
    const filter = { newestFirst: true, from: undefined, limit: 5 };
    expect(await readPostings(database, { ...ann, ...filter })).toEqual([]);
    await expect(readPostings(database, { ...bob, ...filter })).rejects.toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
      metadata: { account: '1-2-42' },
    });
    await expect(readPostings(database, { ...eve, ...filter })).rejects.toMatchObject({
      reason: 'BRANCH_NOT_FOUND',
      metadata: { branch: '2' },
    });
  });
});

describe('the journal of a branch', () => {
  it('comes whole and in order, page by page (R8)', async () => {
    const database = openReads(url);
    const expected = (await contents(url)).entries.filter(({ branch }) => branch === 2);
    const entries: Entry[] = [];
    let page;
    do {
      page = await readEntries(database, 2, entries.length, 17);
      entries.push(...page);
    } while (page.length === 17);
    expect(entries).toEqual(expected);
    expect(await readEntries(database, 2, entries.length, 17)).toEqual([]);
  });

  it('is an error of a branch that there is not', async () => {
    await expect(readEntries(openReads(url), 3, 0, 5)).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });
});

describe('a write', () => {
  it('is found in every branch that it touched, and in no other', async () => {
    const database = openReads(url);
    const command = transfer(ann, eve, 1n);
    await transact(openStore(url), command);
    const [here, there] = [
      await readWrite(database, 1, command.id),
      await readWrite(database, 2, command.id),
    ];
    expect([here, there].map((entries) => entries.map(({ branch, writeId }) => [branch, writeId]))).toEqual([
      [[1, command.id]],
      [[2, command.id]],
    ]);
    expect(await readWrite(database, 1, deposit(ann, 1n).id)).toEqual([]);
    await expect(readWrite(database, 3, command.id)).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });
});
