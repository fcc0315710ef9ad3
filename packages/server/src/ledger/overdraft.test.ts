import { AMOUNT_MAX } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  closeAccount,
  deposit,
  freezeAccount,
  openAccount,
  placeHold,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
  bank.do(deposit(bob, 1_000n));
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('an overdraft limit', () => {
  it('is none at first, and lets an account go so far below zero and no unit further (R4)', () => {
    expect(answer(bank.do(withdraw(ann, 101n)))).toMatchObject({ available: '100' });
    bank.do(setOverdraftLimit(ann, 50n));
    expect(answer(bank.do(withdraw(ann, 151n)))).toMatchObject({ available: '150', needed: '151' });
    expect(answer(bank.do(withdraw(ann, 150n)))).toBe('applied');
    expect(bank.balance(ann)).toBe(-50n);
    for (const command of [withdraw(ann, 1n), transfer(ann, eve, 1n), placeHold(ann, eve, 1n)]) {
      expect(answer(bank.do(command))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', available: '0' });
    }
  });

  it('is an entry of its own and moves nothing (R8)', () => {
    const command = setOverdraftLimit(ann, 50n);
    expect(bank.do(command)).toMatchObject({
      entries: [{ change: { kind: 'overdraftLimitChanged', serial: 1, limit: 50n, currency: 'USD' } }],
    });
    expect(bank.account(ann)).toMatchObject({ overdraftLimit: 50n, postedCredits: 100n, position: 8 });
  });

  it('holds for a command of the same batch (R4)', () => {
    const batch = [withdraw(ann, 120n), setOverdraftLimit(ann, 20n), withdraw(ann, 120n)];
    expect(bank.doAll(batch).map(answer)).toMatchObject([{ available: '100' }, 'applied', 'applied']);
  });

  it('below what is used is taken, and only stops further debits (R4)', () => {
    bank.doAll([setOverdraftLimit(ann, 80n), withdraw(ann, 180n), setOverdraftLimit(ann, 10n)]);
    expect(bank.balance(ann)).toBe(-80n);
    expect(answer(bank.do(withdraw(ann, 1n)))).toMatchObject({ available: '-70' });
    bank.do(deposit(ann, 70n));
    expect(answer(bank.do(withdraw(ann, 1n)))).toMatchObject({ available: '0' });
    bank.do(deposit(ann, 1n));
    expect(answer(bank.do(withdraw(ann, 1n)))).toBe('applied');
    expect(answer(bank.do(setOverdraftLimit(ann, 0n)))).toBe('applied');
  });

  it('counts what is held, within the limit as without (R4)', () => {
    bank.doAll([setOverdraftLimit(ann, 50n), placeHold(ann, bob, 120n)]);
    expect(answer(bank.do(withdraw(ann, 31n)))).toMatchObject({ available: '30' });
    expect(answer(bank.do(withdraw(ann, 30n)))).toBe('applied');
    expect(bank.balance(ann)).toBe(70n);
  });

  it('does not let the vault go below zero with it (R3)', () => {
    bank.doAll([setOverdraftLimit(ann, AMOUNT_MAX), withdraw(bob, 1_000n)]);
    expect(answer(bank.do(withdraw(ann, 101n)))).toMatchObject({
      ...{ reason: 'INSUFFICIENT_CASH', available: '100' },
    });
    expect(bank.balance(vaultOf(1))).toBe(100n);
  });

  it('may be the largest there is; what 64 bits cannot hold is refused then (R2)', () => {
    bank.do(setOverdraftLimit(ann, AMOUNT_MAX));
    expect(answer(bank.do(transfer(ann, eve, AMOUNT_MAX)))).toBe('applied');
    expect(bank.balance(ann)).toBe(100n - AMOUNT_MAX);
    expect(answer(bank.do(transfer(ann, bob, 100n)))).toBe('applied');
    expect(answer(bank.do(transfer(ann, bob, 1n)))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS' });
  });

  it.each([
    ['an unknown account', setOverdraftLimit({ branch: 1, serial: 9 }, 1n), 'ACCOUNT_NOT_FOUND'],
    ["the bank's own account (R7)", setOverdraftLimit(vaultOf(1), 1n), 'ACCOUNT_NOT_FOUND'],
    ['another currency', setOverdraftLimit(ann, 1n, { currency: 'EUR' }), 'CURRENCY_MISMATCH'],
    ['an unknown branch', setOverdraftLimit({ branch: 8, serial: 1 }, 1n), 'BRANCH_NOT_FOUND'],
  ])('is refused for %s', (_what, command, reason) => {
    expect(answer(bank.do(command))).toMatchObject({ reason });
    expect(bank.account(ann)).toMatchObject({ overdraftLimit: 0n });
  });

  it('is changed of a frozen account, and not of a closed one (R10)', () => {
    bank.doAll([freezeAccount(ann), openAccount(1, 'zoe')]);
    expect(answer(bank.do(setOverdraftLimit(ann, 5n)))).toBe('applied');
    const zoe = { branch: 1, serial: 3 };
    bank.do(closeAccount(zoe));
    expect(answer(bank.do(setOverdraftLimit(zoe, 5n)))).toEqual({
      ...{ reason: 'ACCOUNT_CLOSED', account: '1-3-39' },
    });
  });
});
