import { AMOUNT_MAX, formatAccountId, internalSerial } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCash, closeAccount, openAccount, removeCash, transfer, withdraw } from './commands.fixture.js';
import { answer, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { receiptOf } from './receipt.js';
import { ann, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

const capitalOf = (branch: number, currency = 'USD') => ({
  ...{ branch, serial: internalSerial({ kind: 'capital', currency }) },
});

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('cash added', () => {
  it('moves from capital to vault, and touches no customer (R1, R3)', () => {
    expect(bank.do(addCash(2, 70n))).toMatchObject({
      entries: [
        { branch: 2, change: { debit: vaultOf(2).serial, credit: capitalOf(2).serial, amount: 70n } },
      ],
    });
    expect([bank.balance(vaultOf(2)), bank.balance(capitalOf(2)), bank.balance(eve)]).toEqual([70n, 70n, 0n]);
  });

  it('lets a branch pay out what it could not before (R3)', () => {
    bank.do(transfer(ann, eve, 50n));
    expect(answer(bank.do(withdraw(eve, 50n)))).toMatchObject({
      reason: 'INSUFFICIENT_CASH',
      available: '0',
    });
    bank.do(addCash(2, 50n));
    expect(answer(bank.do(withdraw(eve, 50n)))).toBe('applied');
  });

  it('opens vault and capital of a currency that the branch has had none of', () => {
    const outcome = bank.do(addCash(2, 5n, { currency: 'EUR' }));
    const entries = outcome.kind === 'applied' ? outcome.entries : [];
    expect(entries.map(({ change }) => change.kind)).toEqual(['accountOpened', 'accountOpened', 'posting']);
    expect(bank.balance(vaultOf(2, 'EUR'))).toBe(5n);
    expect(bank.balance(capitalOf(2, 'EUR'))).toBe(5n);
    expect(receiptOf(entries).balance).toEqual({ amount: 5n, currency: 'EUR' });
  });

  it('beyond what 64 bits hold is refused (R2)', () => {
    bank.do(addCash(2, AMOUNT_MAX));
    expect(answer(bank.do(addCash(2, 1n)))).toEqual({
      ...{ reason: 'BALANCE_OVERFLOW', account: formatAccountId(vaultOf(2)) },
    });
  });
});

describe('cash removed', () => {
  it('moves from vault to capital, as much as there is and no unit more (R3)', () => {
    expect(answer(bank.do(removeCash(1, 101n)))).toEqual({
      ...{ reason: 'INSUFFICIENT_CASH', branch: '1', available: '100', needed: '101', currency: 'USD' },
    });
    expect(answer(bank.do(removeCash(1, 100n)))).toBe('applied');
    expect([bank.balance(vaultOf(1)), bank.balance(capitalOf(1))]).toEqual([0n, -100n]);
    expect(bank.balance(ann)).toBe(100n);
  });

  it('is not there in a currency that the branch has had none of (R3)', () => {
    expect(answer(bank.do(removeCash(1, 1n, { currency: 'EUR' })))).toMatchObject({
      ...{ reason: 'INSUFFICIENT_CASH', available: '0' },
    });
    expect(bank.account(vaultOf(1, 'EUR'))).toBeUndefined();
  });
});

it.each([addCash(8, 1n), removeCash(8, 1n)])('$kind is refused where there is no branch', (command) => {
  expect(answer(bank.do(command))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '8' });
});

it('cash does not depend on whether customers have accounts (R7)', () => {
  bank.doAll([openAccount(2, 'zoe'), closeAccount(eve), closeAccount({ branch: 2, serial: 2 })]);
  expect(answer(bank.do(addCash(2, 1n)))).toBe('applied');
});
