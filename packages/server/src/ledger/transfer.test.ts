import { beforeEach, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer } from './commands.fixture.js';
import type { Entry } from './entry.js';
import { answer, interbranchOf, MemoryBank, vaultOf } from './memory-bank.fixture.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
  bank.doAll([initializeBranch(1, 0n), initializeBranch(2, 0n)]);
  bank.doAll([openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), deposit(ann, 100n)]);
});

function entriesOf(id: string, branch: number): Entry[] {
  return bank.journal(branch).filter(({ writeId }) => writeId === id);
}

describe('a transfer within a branch', () => {
  it('is one posting (R1)', () => {
    const command = transfer(ann, bob, 30n);
    expect(answer(bank.do(command))).toBe('applied');
    expect([bank.balance(ann), bank.balance(bob)]).toEqual([70n, 30n]);
    expect(entriesOf(command.id, 1)).toMatchObject([
      {
        change: { kind: 'posting', debit: 1, credit: 2, amount: 30n, debitBalance: 70n, creditBalance: 30n },
      },
    ]);
    expect(entriesOf(command.id, 1)[0]).toHaveProperty('change.counterparty', undefined);
  });
});

describe('a transfer between branches', () => {
  it('is a posting in each under one id, and the branches owe each other the same (R7)', () => {
    const command = transfer(ann, eve, 30n);
    expect(answer(bank.do(command))).toBe('applied');
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([70n, 30n]);
    expect(bank.account(interbranchOf(1, 2))).toMatchObject({ postedDebits: 0n, postedCredits: 30n });
    expect(bank.account(interbranchOf(2, 1))).toMatchObject({ postedDebits: 30n, postedCredits: 0n });
    expect(entriesOf(command.id, 1).at(-1)).toMatchObject({
      change: { debit: ann.serial, credit: interbranchOf(1, 2).serial, counterparty: eve },
    });
    expect(entriesOf(command.id, 2).at(-1)).toMatchObject({
      change: { debit: interbranchOf(2, 1).serial, credit: eve.serial, counterparty: ann },
    });
  });

  it('keeps the id and the whole body in both branches (R5)', () => {
    const command = transfer(ann, eve, 30n);
    bank.do(command);
    const [here, there] = [entriesOf(command.id, 1)[0]!.body, entriesOf(command.id, 2)[0]!.body];
    expect(here).toBe(there);
    expect(JSON.parse(here!)).toEqual({
      kind: 'transfer',
      from: '1-1-45',
      to: '2-1-92',
      amount: '30',
      currency: 'USD',
    });
  });

  it('has one time in both branches although only one of them opens an account (R8)', () => {
    bank.do(transfer(ann, eve, 1n));
    bank.books.branches.get(1)?.accounts.delete(interbranchOf(1, 2).serial);
    const outcome = bank.do(transfer(ann, eve, 1n), 50_000);
    const entries = outcome.kind === 'applied' ? outcome.entries : [];
    expect(entries.map(({ branch, change, timeMicros }) => [branch, change.kind, timeMicros])).toEqual([
      [1, 'accountOpened', 50_000],
      [1, 'posting', 50_001],
      [2, 'posting', 50_001],
    ]);
  });

  it('moves no cash: what the vaults hold stays (R3)', () => {
    bank.do(transfer(ann, eve, 30n));
    expect([bank.balance(vaultOf(1)), bank.balance(vaultOf(2))]).toEqual([100n, 0n]);
  });

  it('is settled by one the other way (R7)', () => {
    bank.doAll([transfer(ann, eve, 30n), transfer(eve, bob, 30n)]);
    expect([interbranchOf(1, 2), interbranchOf(2, 1)].map((ref) => bank.balance(ref))).toEqual([0n, 0n]);
    expect(bank.account(interbranchOf(1, 2))).toMatchObject({ postedDebits: 30n, postedCredits: 30n });
  });
});

describe('a transfer is refused', () => {
  const missing = { branch: 2, serial: 9 };

  it.each([
    [
      'from an unknown branch',
      transfer({ branch: 8, serial: 1 }, eve, 1n),
      { reason: 'BRANCH_NOT_FOUND', branch: '8' },
    ],
    [
      'to an unknown branch',
      transfer(ann, { branch: 8, serial: 1 }, 1n),
      { reason: 'BRANCH_NOT_FOUND', branch: '8' },
    ],
    [
      'from an unknown account',
      transfer(missing, ann, 1n),
      { reason: 'ACCOUNT_NOT_FOUND', account: '2-9-68' },
    ],
    ['to an unknown account', transfer(ann, missing, 1n), { reason: 'ACCOUNT_NOT_FOUND', account: '2-9-68' }],
    [
      'for want of money (R4)',
      transfer(ann, eve, 101n),
      { reason: 'INSUFFICIENT_FUNDS', account: '1-1-45', available: '100', needed: '101', currency: 'USD' },
    ],
    [
      'in another currency than the payer has',
      transfer(ann, eve, 1n, { currency: 'EUR' }),
      { reason: 'CURRENCY_MISMATCH', account: '1-1-45', currency: 'USD', given: 'EUR' },
    ],
  ])('%s, and changes no money', (_what, command, refusal) => {
    expect(answer(bank.do(command))).toEqual(refusal);
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([100n, 0n]);
  });

  it('in another currency than the payee has', () => {
    bank.do(openAccount(2, 'eve', { currency: 'EUR' }));
    expect(answer(bank.do(transfer(ann, { branch: 2, serial: 2 }, 1n)))).toEqual({
      reason: 'CURRENCY_MISMATCH',
      account: '2-2-89',
      currency: 'EUR',
      given: 'USD',
    });
  });

  it.each([
    ['from', transfer(vaultOf(1), bob, 1n)],
    ['to', transfer(ann, vaultOf(1), 1n)],
    ['to the interbranch account', transfer(ann, interbranchOf(1, 2), 1n)],
  ])("%s one of the bank's own accounts (R7)", (_side, command) => {
    bank.do(transfer(ann, eve, 1n));
    expect(answer(bank.do(command))).toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' });
  });

  it('from an account to itself by throwing, since such a command is not well formed (R1)', () => {
    expect(() => bank.do(transfer(ann, ann, 1n))).toThrow('debits and credits the same account');
  });

  it('in both branches, which both keep its id (R5)', () => {
    const command = transfer(ann, eve, 101n);
    bank.do(command);
    for (const branch of [1, 2]) {
      expect(entriesOf(command.id, branch)).toMatchObject([
        { ordinal: 0, change: { kind: 'refusal', refusal: { reason: 'INSUFFICIENT_FUNDS' } } },
      ]);
    }
  });
});
