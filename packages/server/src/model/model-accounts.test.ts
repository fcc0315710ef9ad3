import { INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import {
  addCash,
  closeAccount,
  closeBranch,
  freezeAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  unfreezeAccount,
} from './model-commands.fixture.js';
import { internalRef } from './model-movement.fixture.js';
import { ann, bob, eve, WorkedExample } from './worked-example.fixture.js';

let example: WorkedExample;

beforeEach(() => {
  example = new WorkedExample();
});

describe('states', () => {
  it('stop debits, and credits too once closed (R10)', () => {
    example.apply(freezeAccount(ann), freezeAccount(ann), deposit(ann, 1n));
    expect(example.answer(withdraw(ann, 1n))).toEqual({ reason: 'ACCOUNT_FROZEN', account: '1-1-45' });
    expect(example.answer(closeAccount(ann))).toEqual({
      reason: 'ACCOUNT_NOT_EMPTY',
      ...{ account: '1-1-45', balance: '101', currency: 'USD' },
    });
    example.apply(unfreezeAccount(ann), withdraw(ann, 101n), closeAccount(ann));
    for (const late of [deposit(ann, 1n), unfreezeAccount(ann), closeAccount(ann)]) {
      expect(example.answer(late)).toEqual({ reason: 'ACCOUNT_CLOSED', account: '1-1-45' });
    }
  });

  it('of a branch: it closes empty and settled, and takes nothing more', () => {
    expect(example.answer(closeBranch(2))).toEqual({ reason: 'BRANCH_NOT_EMPTY', branch: '2' });
    const hold = placeHold(ann, eve, 5n);
    example.apply(hold, closeAccount(eve));
    expect(example.answer(closeBranch(2))).toMatchObject({ reason: 'BRANCH_NOT_EMPTY' });
    example.apply(releaseHold(1, hold.id), closeBranch(2));
    expect(example.answer(transfer(ann, eve, 5n))).toEqual({ reason: 'BRANCH_CLOSED', branch: '2' });
    expect(example.answer(initializeBranch(2, 5n))).toEqual({ reason: 'BRANCH_EXISTS', branch: '2' });
  });

  it('of a branch: cash keeps it open', () => {
    example.apply(initializeBranch(3, 5n));
    expect(example.answer(closeBranch(3))).toMatchObject({ reason: 'BRANCH_NOT_EMPTY' });
    expect(example.answer(removeCash(3, 6n))).toEqual({
      reason: 'INSUFFICIENT_CASH',
      ...{ branch: '3', available: '5', needed: '6', currency: 'USD' },
    });
    example.apply(removeCash(3, 5n), closeBranch(3));
  });
});

describe('the bank itself', () => {
  it('brings cash and takes it, capital going below zero (R3)', () => {
    example.apply(addCash(2, 30n), deposit(eve, 20n), removeCash(2, 50n));
    const [vault, capital] = [internalRef(2, 'vault', 'USD'), internalRef(2, 'capital', 'USD')];
    expect(example.balances(vault, capital)).toEqual([0n, -20n]);
  });

  it('moves fees, interest and exchanges by its operators alone (R7)', () => {
    const [income, expense, exchange] = [
      internalRef(2, 'income', 'USD'),
      internalRef(1, 'expense', 'USD'),
      internalRef(1, 'exchange', 'USD'),
    ];
    example.apply(operatorTransfer(ann, income, 3n), operatorTransfer(expense, ann, 1n));
    example.apply(operatorTransfer(exchange, bob, 40n));
    expect(example.balances(income, expense, exchange, ann, bob)).toEqual([3n, 1n, -40n, 98n, 40n]);
    expect(example.answer(transfer(ann, income, 1n))).toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' });
    expect(example.answer(operatorTransfer(ann, internalRef(1, 'vault', 'USD'), 1n))).toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
    });
    expect(example.answer(operatorTransfer(ann, internalRef(1, 'income', 'EUR'), 1n))).toMatchObject({
      ...{ reason: 'CURRENCY_MISMATCH', currency: 'EUR', given: 'USD' },
    });
  });
});

describe("the seed's deposits", () => {
  it('open the account the first time, and stay with it', () => {
    example.apply(initializeBranch(10, 0n), seedDeposit(0, 5n), initializeBranch(0, 0n), seedDeposit(0, 5n));
    example.apply(seedDeposit(20, 5n));
    expect(example.balances({ branch: 10, serial: 1 }, { branch: 0, serial: 1 })).toEqual([10n, 5n]);
    expect(example.answer(seedDeposit(5, 1n))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '5' });
  });

  it('and openings end with the last serial', () => {
    example.bank.books.skipSerials(1, INTERNAL_SERIAL_MIN - 1);
    example.apply(openAccount(1, 'the last'));
    expect(example.answer(openAccount(1, 'late'))).toEqual({ reason: 'BRANCH_FULL', branch: '1' });
    expect(example.answer(seedDeposit(1, 5n))).toEqual({ reason: 'BRANCH_FULL', branch: '1' });
  });
});
