import { describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { MemoryBank } from './memory-bank.fixture.js';
import { receiptOf, type Receipt } from './receipt.js';
import { transferOf } from './transfer-view.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

function bank(): MemoryBank {
  const bank = new MemoryBank();
  bank.doAll([initializeBranch(1, 0n), initializeBranch(2, 0n)]);
  bank.doAll([openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), deposit(ann, 100n)]);
  return bank;
}

function receipt(bank: MemoryBank, command: Command): Receipt {
  const outcome = bank.do(command, 50_000);
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.reason);
  return receiptOf(outcome.entries);
}

describe('a receipt', () => {
  it.each<[string, Command, bigint, [branch: number, position: number][]]>([
    ['the vault of a new branch', initializeBranch(3, 9n), 9n, [[3, 4]]],
    ['nothing in a new account', openAccount(1, 'zoe'), 0n, [[1, 7]]],
    ['the account credited by a deposit', deposit(ann, 5n), 105n, [[1, 7]]],
    ['the account debited by a withdrawal', withdraw(ann, 5n), 95n, [[1, 7]]],
    ['the account debited by a transfer', transfer(ann, bob, 5n), 95n, [[1, 7]]],
    [
      'the account debited by a transfer between branches, its branch first',
      transfer(ann, eve, 5n),
      95n,
      [
        [1, 8],
        [2, 6],
      ],
    ],
    ["the account credited by the seed's deposit", seedDeposit(1, 5n), 5n, [[1, 8]]],
  ])('tells the balance of %s', (_what, command, balance, positions) => {
    expect(receipt(bank(), command)).toMatchObject({
      id: command.id,
      balance: { amount: balance, currency: 'USD' },
      positions: positions.map(([branch, position]) => ({ branch, position })),
    });
  });

  it('is the same on a replay, whatever has happened to the account since (R5)', () => {
    const books = bank();
    const command = transfer(ann, eve, 5n);
    const first = receipt(books, command);
    books.doAll([withdraw(ann, 50n), transfer(eve, ann, 1n)], 60_000);
    expect(receipt(books, command)).toEqual(first);
    expect(first.timeMicros).toBe(50_001);
  });
});

describe('a transfer put together again', () => {
  it.each([
    ['deposit', deposit(ann, 5n), 1, { kind: 'deposit', from: undefined, to: ann }],
    [
      "seed's deposit",
      seedDeposit(1, 5n),
      1,
      { kind: 'deposit', from: undefined, to: { branch: 1, serial: 3 } },
    ],
    ['withdrawal', withdraw(ann, 5n), 1, { kind: 'withdrawal', from: ann, to: undefined }],
    ['transfer', transfer(ann, bob, 5n), 1, { kind: 'transfer', from: ann, to: bob }],
    [
      'transfer, seen by the payer',
      transfer(ann, eve, 5n),
      1,
      { kind: 'transfer', from: ann, to: eve, branch: 1 },
    ],
    [
      'transfer, seen by the payee',
      transfer(ann, eve, 5n),
      2,
      { kind: 'transfer', from: ann, to: eve, branch: 2 },
    ],
  ])('from a %s', (_what, command, branch, view) => {
    const books = bank();
    books.do(command);
    const entries = books.journal(branch).filter(({ writeId }) => writeId === command.id);
    expect(transferOf(entries)).toMatchObject({ id: command.id, amount: 5n, currency: 'USD', ...view });
  });

  it.each([
    ['a write that moved nothing between accounts', openAccount(1, 'zoe')],
    ['the opening of a branch', initializeBranch(3, 5n)],
    ['a refusal', withdraw(ann, 500n)],
  ])('is not made from %s', (_what, command) => {
    const books = bank();
    books.do(command);
    expect(transferOf(books.entries.filter(({ writeId }) => writeId === command.id))).toBeUndefined();
    expect(transferOf([])).toBeUndefined();
  });
});
