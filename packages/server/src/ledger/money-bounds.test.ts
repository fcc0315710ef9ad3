import { AMOUNT_MAX, formatAccountId, internalSerial } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addCash,
  captureHold,
  deposit,
  group,
  initializeBranch,
  openAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const income = { branch: 1, serial: internalSerial({ kind: 'income', currency: 'USD' }) };
const expense = { branch: 1, serial: internalSerial({ kind: 'expense', currency: 'USD' }) };
const capital = { branch: 1, serial: internalSerial({ kind: 'capital', currency: 'USD' }) };

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
  bank.do(withdraw(ann, 100n));
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

const overflow = (account: Parameters<typeof formatAccountId>[0]) => ({
  ...{ reason: 'BALANCE_OVERFLOW', account: formatAccountId(account) },
});

describe('an amount', () => {
  it.each([1n, SAFE - 1n, SAFE, SAFE + 1n, SAFE + 2n, 2n ** 62n + 1n, AMOUNT_MAX - 1n, AMOUNT_MAX])(
    'of %i is moved and held to the unit (R2)',
    (amount) => {
      const hold = placeHold(ann, eve, amount);
      const batch = [deposit(ann, amount), transfer(ann, eve, amount), transfer(eve, ann, amount), hold];
      expect(bank.doAll([...batch, captureHold(2, hold)]).map(answer)).toEqual(Array(5).fill('applied'));
      expect([bank.balance(eve), bank.balance(interbranchOf(1, 2))]).toEqual([amount, amount]);
      expect(answer(bank.do(withdraw(eve, amount)))).toMatchObject({ reason: 'INSUFFICIENT_CASH' });
      expect(answer(bank.do(transfer(eve, bob, amount)))).toBe('applied');
      expect(answer(bank.do(withdraw(bob, amount)))).toBe('applied');
      expect(bank.balance(vaultOf(1))).toBe(0n);
    },
  );
});

describe('beyond 64 bits nothing is posted, naming the account (R2):', () => {
  it('a payee within the branch, and across', () => {
    bank.doAll([addCash(1, 1n), deposit(bob, AMOUNT_MAX - 1n)]);
    bank.do(operatorTransfer(income, ann, 5n));
    expect(answer(bank.do(transfer(ann, bob, 2n)))).toEqual(overflow(bob));
    expect(answer(bank.do(transfer(ann, bob, 1n)))).toBe('applied');
    bank.do(operatorTransfer(income, eve, 5n));
    expect(answer(bank.do(transfer(eve, bob, 1n)))).toEqual(overflow(bob));
  });

  it('a payer, whose debt is bounded as a balance is', () => {
    bank.doAll([setOverdraftLimit(ann, AMOUNT_MAX), transfer(ann, eve, AMOUNT_MAX)]);
    expect(bank.balance(ann)).toBe(-AMOUNT_MAX);
    bank.do(operatorTransfer(income, ann, 1n));
    expect(answer(bank.do(transfer(ann, bob, 1n)))).toBe('applied');
    expect(answer(bank.do(transfer(ann, bob, 1n)))).toMatchObject({ available: '0' });
  });

  it("the bank's own accounts: vault, capital, income and expense, either way", () => {
    bank.do(operatorTransfer(income, bob, AMOUNT_MAX));
    expect(answer(bank.do(operatorTransfer(income, ann, 1n)))).toEqual(overflow(income));
    bank.do(operatorTransfer(expense, ann, AMOUNT_MAX));
    expect(answer(bank.do(operatorTransfer(expense, eve, 1n)))).toEqual(overflow(expense));
    bank.do(addCash(1, AMOUNT_MAX));
    expect(answer(bank.do(addCash(1, 1n)))).toEqual(overflow(vaultOf(1)));
    bank.do(removeCash(1, AMOUNT_MAX));
    expect(bank.balance(capital)).toBe(0n);
  });

  it('capital below zero, which cash from customers can take it to', () => {
    bank.doAll([deposit(ann, AMOUNT_MAX), removeCash(1, AMOUNT_MAX)]);
    expect(bank.balance(capital)).toBe(-AMOUNT_MAX);
    bank.do(deposit(bob, 1n));
    expect(answer(bank.do(removeCash(1, 1n)))).toEqual(overflow(capital));
  });

  it('an interbranch account on either side', () => {
    bank.doAll([deposit(ann, AMOUNT_MAX), transfer(ann, eve, AMOUNT_MAX)]);
    bank.do(operatorTransfer(income, ann, 1n));
    bank.doAll([openAccount(2, 'zoe')]);
    expect(answer(bank.do(transfer(ann, { branch: 2, serial: 2 }, 1n)))).toEqual(
      overflow(interbranchOf(1, 2)),
    );
  });
});

describe('what is held counts as if it were posted (R2):', () => {
  it('for the payee, whom a hold must fit', () => {
    bank.doAll([deposit(bob, AMOUNT_MAX - 10n), operatorTransfer(income, ann, 50n)]);
    const hold = placeHold(ann, bob, 10n);
    bank.do(hold);
    expect(bank.account(bob)).toMatchObject({ heldCredits: 10n });
    expect(answer(bank.do(placeHold(ann, bob, 1n)))).toEqual(overflow(bob));
    expect(answer(bank.do(transfer(ann, bob, 1n)))).toEqual(overflow(bob));
    expect(answer(bank.do(captureHold(1, hold)))).toBe('applied');
    expect(bank.balance(bob)).toBe(AMOUNT_MAX);
  });

  it('until the hold is captured in part or released', () => {
    bank.doAll([deposit(bob, AMOUNT_MAX - 10n), operatorTransfer(income, ann, 50n)]);
    const [one, two] = [placeHold(ann, bob, 6n), placeHold(ann, bob, 4n)];
    bank.doAll([one, two, captureHold(1, one, 1n)]);
    expect(answer(bank.do(transfer(ann, bob, 6n)))).toEqual(overflow(bob));
    expect(answer(bank.do(transfer(ann, bob, 5n)))).toBe('applied');
    bank.do(releaseHold(1, two));
    expect(answer(bank.do(transfer(ann, bob, 4n)))).toBe('applied');
  });

  it('until it expires, of itself', () => {
    bank.doAll([deposit(bob, AMOUNT_MAX), operatorTransfer(income, ann, 50n), transfer(bob, eve, 10n)]);
    bank.do(placeHold(ann, bob, 10n, { expiresInMs: 1 }), 50_000);
    expect(answer(bank.do(transfer(ann, bob, 1n), 50_999))).toEqual(overflow(bob));
    expect(answer(bank.do(transfer(ann, bob, 10n), 51_000))).toBe('applied');
  });

  it('for the payer: a debt that is held is bounded too', () => {
    bank.do(setOverdraftLimit(ann, AMOUNT_MAX));
    bank.do(operatorTransfer(income, ann, 5n));
    bank.do(placeHold(ann, bob, AMOUNT_MAX));
    bank.do(transfer(ann, eve, 5n));
    expect(bank.account(ann)).toMatchObject({ postedDebits: 105n, heldDebits: AMOUNT_MAX });
    expect(answer(bank.do(transfer(ann, eve, 1n)))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS' });
  });

  it('for interbranch accounts: what many customers hold at once must fit in one', () => {
    const max = { branch: 3, serial: 1 };
    bank.doAll([deposit(ann, AMOUNT_MAX), openAccount(2, 'zoe'), operatorTransfer(income, bob, 5n)]);
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'max')]);
    bank.do(placeHold(ann, eve, AMOUNT_MAX));
    const zoe = { branch: 2, serial: 2 };
    expect(answer(bank.do(placeHold(bob, zoe, 1n)))).toEqual(overflow(interbranchOf(1, 2)));
    expect(answer(bank.do(transfer(bob, zoe, 1n)))).toEqual(overflow(interbranchOf(1, 2)));
    expect(answer(bank.do(placeHold(bob, max, 1n)))).toBe('applied');
  });
});

it('a group sees the bounds as its members leave them (R2, R6)', () => {
  bank.do(deposit(bob, AMOUNT_MAX));
  bank.do(operatorTransfer(income, ann, 5n));
  expect(answer(bank.do(group([transfer(bob, eve, 5n), transfer(ann, bob, 5n)])))).toBe('applied');
  expect(answer(bank.do(group([transfer(eve, bob, 5n), transfer(bob, eve, 5n)])))).toEqual({
    ...overflow(bob),
    member: '0',
  });
});
