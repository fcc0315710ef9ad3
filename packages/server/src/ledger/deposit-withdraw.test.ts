import { formatAccountId } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from './commands.fixture.js';
import { answer, MemoryBank, vaultOf } from './memory-bank.fixture.js';

const ann = { branch: 1, serial: 1 };
const nobody = { branch: 1, serial: 9 };

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
  bank.doAll([initializeBranch(1, 1_000n), openAccount(1, 'ann')]);
});

describe('a deposit', () => {
  it('moves cash into the vault and into the account (R1, R3)', () => {
    const outcome = bank.do(deposit(ann, 100n));
    expect(outcome).toMatchObject({
      kind: 'applied',
      entries: [
        {
          change: {
            debit: vaultOf(1).serial,
            credit: 1,
            amount: 100n,
            debitBalance: 1_100n,
            creditBalance: 100n,
          },
        },
      ],
    });
    expect([bank.balance(ann), bank.balance(vaultOf(1))]).toEqual([100n, 1_100n]);
  });

  it.each([
    ['an unknown branch', deposit({ branch: 2, serial: 1 }, 1n), { reason: 'BRANCH_NOT_FOUND', branch: '2' }],
    ['an unknown account', deposit(nobody, 1n), { reason: 'ACCOUNT_NOT_FOUND', account: '1-9-21' }],
    [
      'another currency',
      deposit(ann, 1n, { currency: 'EUR' }),
      { reason: 'CURRENCY_MISMATCH', account: '1-1-45', currency: 'USD', given: 'EUR' },
    ],
    [
      "the bank's own account (R7)",
      deposit(vaultOf(1), 1n),
      { reason: 'ACCOUNT_NOT_FOUND', account: formatAccountId(vaultOf(1)) },
    ],
  ])('is refused for %s', (_what, command, refusal) => {
    expect(answer(bank.do(command))).toEqual(refusal);
    expect(bank.balance(vaultOf(1))).toBe(1_000n);
  });

  it('opens the vault of a currency that the branch has had no cash of', () => {
    bank.do(openAccount(1, 'ann', { currency: 'EUR' }));
    const euros = { branch: 1, serial: 2 };
    const outcome = bank.do(deposit(euros, 7n, { currency: 'EUR' }));
    expect(outcome.kind === 'applied' && outcome.entries.map(({ change }) => change.kind)).toEqual([
      'accountOpened',
      'posting',
    ]);
    expect([bank.balance(euros), bank.balance(vaultOf(1, 'EUR')), bank.balance(vaultOf(1))]).toEqual([
      7n,
      7n,
      1_000n,
    ]);
  });
});

describe('a withdrawal', () => {
  it('moves money out of the account and out of the vault, to the last unit (R3, R4)', () => {
    bank.do(deposit(ann, 100n));
    expect(answer(bank.do(withdraw(ann, 100n)))).toBe('applied');
    expect([bank.balance(ann), bank.balance(vaultOf(1))]).toEqual([0n, 1_000n]);
  });

  it('of more than there is tells what is available (R4)', () => {
    bank.do(deposit(ann, 100n));
    expect(answer(bank.do(withdraw(ann, 101n)))).toEqual({
      reason: 'INSUFFICIENT_FUNDS',
      account: '1-1-45',
      available: '100',
      needed: '101',
      currency: 'USD',
    });
    expect(bank.balance(ann)).toBe(100n);
  });

  it('never takes the vault below zero (R3)', () => {
    bank.doAll([initializeBranch(2, 30n), openAccount(2, 'bob')]);
    const bob = { branch: 2, serial: 1 };
    bank.doAll([deposit(ann, 100n), transfer(ann, bob, 100n)]);
    expect(answer(bank.do(withdraw(bob, 31n)))).toEqual({
      reason: 'INSUFFICIENT_CASH',
      branch: '2',
      available: '30',
      needed: '31',
      currency: 'USD',
    });
    expect(answer(bank.do(withdraw(bob, 30n)))).toBe('applied');
    expect([bank.balance(bob), bank.balance(vaultOf(2))]).toEqual([70n, 0n]);
  });

  it('finds no cash in a vault that was never opened (R3)', () => {
    bank.doAll([
      initializeBranch(2, 0n),
      openAccount(1, 'ann', { currency: 'EUR' }),
      openAccount(2, 'bob', { currency: 'EUR' }),
    ]);
    const from = { branch: 1, serial: 2 };
    const bob = { branch: 2, serial: 1 };
    bank.doAll([deposit(from, 5n, { currency: 'EUR' }), transfer(from, bob, 5n, { currency: 'EUR' })]);
    expect(answer(bank.do(withdraw(bob, 5n, { currency: 'EUR' })))).toMatchObject({
      reason: 'INSUFFICIENT_CASH',
      available: '0',
    });
  });

  it.each([
    ['an unknown branch', withdraw({ branch: 2, serial: 1 }, 1n), 'BRANCH_NOT_FOUND'],
    ['an unknown account', withdraw(nobody, 1n), 'ACCOUNT_NOT_FOUND'],
    ['another currency', withdraw(ann, 1n, { currency: 'EUR' }), 'CURRENCY_MISMATCH'],
    ["the bank's own account (R7)", withdraw(vaultOf(1), 1n), 'ACCOUNT_NOT_FOUND'],
  ])('is refused for %s', (_what, command, reason) => {
    expect(answer(bank.do(command))).toMatchObject({ reason });
  });
});
