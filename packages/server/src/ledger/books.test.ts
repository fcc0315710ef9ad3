import type { AccountRef } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Books } from './books.js';
import {
  captureHold,
  deposit,
  group,
  openAccount,
  placeHold,
  releaseHold,
  transfer,
  withdraw,
} from './commands.fixture.js';
import type { Entry } from './entry.js';
import { executeBatch } from './execute-batch.js';
import type { Command } from './command.js';
import { fold } from './fold.js';
import { interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';

let bank: MemoryBank;
let books: Books;

beforeEach(() => {
  bank = smallBank();
  books = new Books();
  const { branches, accounts, holds, entries } = bank;
  books.load({ branches: branches.values(), accounts: accounts.values(), holds: holds.values(), entries });
});

/** What a batch changes of the books, by the names of what is changed. */
function changesOf(...commands: Command[]) {
  const { changes } = executeBatch(books, commands, 50_000);
  return {
    opened: changes.openedAccounts.map(named).sort(),
    changed: changes.changedAccounts.map(named).sort(),
    placed: changes.placedHolds.map(({ branch, status }) => `${branch} ${status}`).sort(),
    resolved: changes.resolvedHolds.map(({ branch, status }) => `${branch} ${status}`).sort(),
    sealed: changes.sealed.map(({ branch, entries }) => [branch.id, entries.length]),
  };
}

function named({ branch, serial }: AccountRef): string {
  return `${branch}-${serial}`;
}

describe('the changes of a batch', () => {
  it('have each account and hold once, as new or as changed, through whatever group it went', () => {
    const hold = placeHold(ann, eve, 5n);
    const zoe = { branch: 1, serial: 3 };
    const commands = [
      openAccount(1, 'zoe'),
      hold,
      group([transfer(ann, zoe, 1n), captureHold(1, hold), transfer(ann, bob, 1n)]),
      deposit(zoe, 1n),
    ];
    expect(changesOf(...commands)).toEqual({
      opened: ['1-3', ...[interbranchOf(1, 2), interbranchOf(2, 1)].map(named)].sort(),
      changed: [ann, eve, bob, vaultOf(1)].map(named).sort(),
      placed: ['1 captured', '2 captured'],
      resolved: [],
      sealed: [
        [1, 8],
        [2, 4],
      ],
    });
  });

  it('have a hold that was there before as resolved', () => {
    const hold = placeHold(ann, eve, 5n);
    bank.do(hold);
    books = new Books();
    const { branches, accounts, holds, entries } = bank;
    books.load({ branches: branches.values(), accounts: accounts.values(), holds: holds.values(), entries });
    const { placed, resolved } = changesOf(group([releaseHold(2, hold)]));
    expect([placed, resolved]).toEqual([[], ['1 released', '2 released']]);
  });

  it('are none of a group that was refused (R6)', () => {
    const { opened, changed, sealed } = changesOf(group([transfer(ann, eve, 1n), withdraw(ann, 500n)]));
    expect({ opened, changed, sealed }).toEqual({
      opened: [],
      changed: [],
      sealed: [
        [1, 1],
        [2, 1],
      ],
    });
  });

  it('cannot be sealed for a branch that is not here', () => {
    const stray: Entry = { ...bank.entries[0]!, branch: 9 };
    const empty = new Books();
    empty.append(stray, { ...bank.branches.get(1)!, id: 8 });
    expect(() => empty.changes()).toThrow('entries were appended to a branch that is not here');
  });
});

describe('a draft', () => {
  it('sees what is under it, and what is done in it is not seen there until it is adopted (R6)', () => {
    const draft = books.draft();
    const posting = bank.journal(1).at(-1)!;
    fold(draft, { ...posting, position: 7, writeId: '0198b8ad-5e5e-7000-8000-000000000001' });
    expect(draft.account(ann)).toMatchObject({ postedCredits: 200n });
    expect(draft.branch(1)).toMatchObject({ position: 7 });
    expect(draft.latestMicros).toBe(books.latestMicros);
    expect(books.account(ann)).toMatchObject({ postedCredits: 100n });
    expect(books.branch(1)).toMatchObject({ position: 6 });
    expect(books.write(1, '0198b8ad-5e5e-7000-8000-000000000001')).toBeUndefined();
    books.adopt(draft);
    expect(books.account(ann)).toMatchObject({ postedCredits: 200n });
    expect(books.write(1, '0198b8ad-5e5e-7000-8000-000000000001')?.entries.length).toBe(1);
    expect(books.changes().sealed).toMatchObject([{ branch: { id: 1, position: 7 } }]);
  });
});
