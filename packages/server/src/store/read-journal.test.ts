import { beforeAll, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { bankDatabase, contents, openReads } from './bank-database.fixture.js';
import { readEntries } from './read-journal.js';

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
