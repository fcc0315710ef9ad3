import { beforeEach, describe, expect, it } from 'vitest';
import { Books } from './books.js';
import {
  captureHold,
  closeAccount,
  closeBranch,
  deposit,
  freezeAccount,
  group,
  initializeBranch,
  notes,
  openAccount,
  placeHold,
  releaseHold,
  removeCash,
  reverseTransfer,
  seedDeposit,
  setAccountMetadata,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import type { Change, Entry } from './entry.js';
import { fold, NO_SEAL } from './fold.js';
import { MemoryBank } from './memory-bank.fixture.js';

const ann = { branch: 3, serial: 1 };
const eve = { branch: 10, serial: 1 };
const seed = { branch: 10, serial: 2 };

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
  bank.doAll([initializeBranch(3, 50n), initializeBranch(10, 0n), openAccount(3, 'ann')]);
  bank.doAll([openAccount(10, 'eve', { currency: 'EUR' }), deposit(ann, 100n), seedDeposit(20, 7n)]);
  const sent = transfer(ann, seed, 30n);
  bank.doAll([sent, withdraw(ann, 80n), withdraw(ann, 20n)]);
  bank.doAll([reverseTransfer(3, sent), setOverdraftLimit(ann, 500n), freezeAccount(eve)]);
  bank.do(setAccountMetadata(ann, { notes: notes('', { tier: 'gold' }) }));
  const holds = [9n, 8n, 7n, 6n].map((amount, index) =>
    placeHold(ann, seed, amount, index === 3 ? { expiresInMs: 1 } : {}),
  );
  bank.doAll(holds);
  bank.doAll([captureHold(3, holds[0]!, 5n), releaseHold(10, holds[1]!)]);
  bank.do(group([transfer(ann, seed, 1n), captureHold(10, holds[2]!)]));
  bank.do(deposit(ann, 1n), 1_000_000);
  const last = { branch: 7, serial: 1 };
  bank.doAll([initializeBranch(7, 5n), openAccount(7, 'zoe'), closeAccount(last)]);
  bank.doAll([removeCash(7, 5n), closeBranch(7)]);
});

function folded(entries: readonly Entry[]): Books {
  const books = new Books();
  for (const entry of entries) fold(books, entry);
  return books;
}

/** Compares books that were folded with what was kept on the way. */
function expectKept(books: Books): void {
  // A journal that is folded anew has not been sealed.
  for (const branch of bank.branches.values()) {
    expect(books.branch(branch.id)).toEqual({ ...branch, headHash: NO_SEAL });
  }
  for (const account of bank.accounts) expect(books.account(account)).toEqual(account);
  for (const hold of bank.holds) expect(books.hold(hold.branch, hold.id)).toEqual(hold);
}

describe('the fold of the journals', () => {
  it('is the state of branches, accounts and holds, whatever has happened to them (R8)', () => {
    const kinds: Change['kind'][] = [
      'accountMetadataChanged',
      'accountOpened',
      'accountStatusChanged',
      'branchClosed',
      'branchOpened',
      'groupOpened',
      'holdExpired',
      'holdPlaced',
      'holdReleased',
      'overdraftLimitChanged',
      'posting',
      'refusal',
    ];
    expect([...new Set(bank.entries.map(({ change }) => change.kind))].sort()).toEqual(kinds);
    expectKept(folded(bank.entries));
  });

  it('does not depend on how the journals of the branches are mixed (R8)', () => {
    expectKept(folded([...bank.journal(10), ...bank.journal(7), ...bank.journal(3)]));
  });

  it('says what it opened and placed, one row each as it is at the end', () => {
    const { openedAccounts, changedAccounts, placedHolds, resolvedHolds } = folded(bank.entries).changes();
    expect(new Set(openedAccounts)).toEqual(new Set(bank.accounts));
    expect(openedAccounts.length).toBe(bank.accounts.length);
    expect(new Set(placedHolds)).toEqual(new Set(bank.holds));
    expect(placedHolds.length).toBe(bank.holds.length);
    expect([changedAccounts, resolvedHolds]).toEqual([[], []]);
  });

  it('says what it changed and resolved, one row each however often it changed', () => {
    const opened = placeHold(ann, seed, 5n);
    bank.do(opened);
    const later = new Books();
    const { branches, accounts, holds } = bank;
    later.load({
      branches: branches.values(),
      accounts: accounts.values(),
      holds: holds.values(),
      entries: [],
    });
    const { position } = bank.branches.get(3)!;
    const posting = bank.journal(3).find(({ change }) => change.kind === 'posting')!;
    const released = { kind: 'holdReleased', hold: opened.id, ...movedBy(opened.id) } as const;
    fold(later, { ...posting, position: position + 1 });
    fold(later, { ...posting, position: position + 2 });
    fold(later, { ...posting, position: position + 3, change: released });
    const changes = later.changes();
    expect(changes.sealed.map(({ branch, entries }) => [branch.id, branch.position, entries.length])).toEqual(
      [[3, position + 3, 3]],
    );
    expect(changes.changedAccounts.length).toBe(4);
    expect(changes.resolvedHolds).toMatchObject([{ branch: 3, id: opened.id, status: 'released' }]);
    expect([changes.openedAccounts, changes.placedHolds]).toEqual([[], []]);
  });

  it.each<[string, Partial<Record<'debit' | 'credit', number>>, string]>([
    ['an account that is not in the books', { debit: 99 }, 'names an account that is not in the books'],
    ['one account on both sides (R1)', { debit: 1, credit: 1 }, 'debits and credits the same account'],
  ])('stops at a posting with %s', (_what, sides, problem) => {
    const posting = bank.journal(3).find(({ change }) => change.kind === 'posting')!;
    const wrong = { ...posting, position: 99, change: { ...posting.change, ...sides } } as Entry;
    expect(() => {
      fold(folded(bank.journal(3)), wrong);
    }).toThrow(`the posting at position 99 of branch 3 ${problem}`);
  });

  it.each(['holdReleased', 'holdExpired'] as const)(
    'stops at %s of a hold that was resolved before',
    (kind) => {
      const [hold] = bank.holds.filter(({ branch }) => branch === 3);
      const books = folded(bank.journal(3));
      const change = { kind, hold: hold!.id, ...movedBy(hold!.id) };
      const again: Entry = { ...bank.journal(3).at(-1)!, position: 99, change };
      expect(() => {
        fold(books, again);
      }).toThrow(`the ${kind} at position 99 of branch 3 resolves a hold that is not open`);
    },
  );

  it('keeps what it was asked to a customer of the seed apart from others', () => {
    const books = folded(bank.entries);
    expect(books.seedAccount(10, 'seed:20')).toMatchObject(seed);
    expect(books.seedAccount(3, 'seed:20')).toBeUndefined();
    expect(books.seedAccount(10, 'eve')).toBeUndefined();
    expect(books.account(eve)).toMatchObject({ customer: 'eve' });
  });
});

function movedBy(hold: string) {
  const { debit, credit, amount, currency } = bank.hold(3, hold)!;
  return { debit, credit, amount, currency };
}
