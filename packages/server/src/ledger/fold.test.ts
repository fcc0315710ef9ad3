import { beforeEach, describe, expect, it } from 'vitest';
import { Books } from './books.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import type { Entry } from './entry.js';
import { fold } from './fold.js';
import { MemoryBank } from './memory-bank.fixture.js';

const ann = { branch: 3, serial: 1 };
const eve = { branch: 10, serial: 1 };

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
  bank.doAll([initializeBranch(3, 50n), initializeBranch(10, 0n), openAccount(3, 'ann')]);
  bank.doAll([openAccount(10, 'eve', { currency: 'EUR' }), deposit(ann, 100n), seedDeposit(20, 7n)]);
  bank.doAll([transfer(ann, { branch: 10, serial: 2 }, 30n), withdraw(ann, 80n), withdraw(ann, 20n)]);
});

describe('the fold of the journals', () => {
  it('is the state, account by account and branch by branch (R8)', () => {
    const books = new Books();
    for (const entry of bank.entries) fold(books, entry);
    for (const branch of bank.branches.values()) expect(books.branch(branch.id)).toEqual(branch);
    for (const account of bank.accounts.values()) expect(books.account(account)).toEqual(account);
  });

  it('does not depend on how the journals of the branches are mixed (R8)', () => {
    const books = new Books();
    for (const entry of [...bank.journal(10), ...bank.journal(3)]) fold(books, entry);
    for (const account of bank.accounts.values()) expect(books.account(account)).toEqual(account);
  });

  it('says what it opened, one row each as it is at the end', () => {
    const books = new Books();
    for (const entry of bank.entries) fold(books, entry);
    const { openedAccounts, changedAccounts } = books.changes();
    expect(openedAccounts).toEqual([...bank.accounts.values()]);
    expect(changedAccounts).toEqual([]);
  });

  it('says what it changed, one row each however often it changed', () => {
    const later = new Books();
    later.load({ branches: bank.branches.values(), accounts: bank.accounts.values(), entries: [] });
    const last = bank.journal(3).at(-1)!;
    for (const position of [last.position + 1, last.position + 2]) fold(later, { ...last, position });
    const { entries, openedAccounts, changedAccounts, branches } = later.changes();
    expect(entries.map(({ position }) => position)).toEqual([last.position + 1, last.position + 2]);
    expect(openedAccounts).toEqual([]);
    expect(changedAccounts.length).toBe(2);
    expect(branches).toMatchObject([{ id: 3, position: last.position + 2 }]);
  });

  it.each<[string, Partial<Record<'debit' | 'credit', number>>, string]>([
    ['an account that is not in the books', { debit: 99 }, 'names an account that is not in the books'],
    ['one account on both sides (R1)', { debit: 1, credit: 1 }, 'debits and credits the same account'],
  ])('stops at a posting with %s', (_what, sides, problem) => {
    const books = new Books();
    for (const entry of bank.journal(3)) fold(books, entry);
    const posting = bank.journal(3).find(({ change }) => change.kind === 'posting')!;
    const wrong = { ...posting, position: 99, change: { ...posting.change, ...sides } } as Entry;
    expect(() => fold(books, wrong)).toThrow(`the posting at position 99 of branch 3 ${problem}`);
  });

  it('keeps what it was asked to a customer of the seed apart from others', () => {
    const books = new Books();
    for (const entry of bank.entries) fold(books, entry);
    expect(books.seedAccount(10, 'seed:20')).toMatchObject({ serial: 2, postedCredits: 37n });
    expect(books.seedAccount(3, 'seed:20')).toBeUndefined();
    expect(books.seedAccount(10, 'eve')).toBeUndefined();
    expect(books.account(eve)).toMatchObject({ customer: 'eve' });
  });
});
