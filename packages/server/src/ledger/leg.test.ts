import { AMOUNT_MAX, formatAccountId } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { internalSide } from './account-opening.js';
import { Books } from './books.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from './commands.fixture.js';
import { postingOverflow } from './leg.js';
import { answer, interbranchOf, MemoryBank, vaultOf } from './memory-bank.fixture.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
  bank.doAll([initializeBranch(1, 0n), initializeBranch(2, 0n)]);
  bank.doAll([openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve')]);
});

describe('at the end of 64 bits', () => {
  it('the largest amount is moved and held exactly (R2)', () => {
    expect(answer(bank.do(deposit(ann, AMOUNT_MAX)))).toBe('applied');
    expect(answer(bank.do(transfer(ann, eve, AMOUNT_MAX)))).toBe('applied');
    expect(bank.balance(eve)).toBe(9_223_372_036_854_775_807n);
    expect([bank.balance(interbranchOf(1, 2)), bank.balance(interbranchOf(2, 1))]).toEqual([
      AMOUNT_MAX,
      -AMOUNT_MAX,
    ]);
  });

  it('a deposit that the vault cannot count is refused, naming the vault (R2)', () => {
    bank.do(deposit(ann, AMOUNT_MAX));
    expect(answer(bank.do(deposit(bob, 1n)))).toEqual({
      reason: 'BALANCE_OVERFLOW',
      account: formatAccountId(vaultOf(1)),
    });
    expect([bank.balance(bob), bank.balance(vaultOf(1))]).toEqual([0n, AMOUNT_MAX]);
  });

  it('a transfer that the payee cannot hold is refused, naming the payee, and neither leg is posted (R2, R7)', () => {
    bank.doAll([deposit(ann, AMOUNT_MAX), deposit(eve, 1n)]);
    expect(answer(bank.do(transfer(ann, eve, AMOUNT_MAX)))).toEqual({
      reason: 'BALANCE_OVERFLOW',
      account: '2-1-92',
    });
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([AMOUNT_MAX, 1n]);
    expect(bank.account(interbranchOf(1, 2))).toBeUndefined();
    expect(answer(bank.do(transfer(ann, eve, AMOUNT_MAX - 1n)))).toBe('applied');
  });

  it('what one branch owes another is bounded, though both customers could have it (R2, R7)', () => {
    const zoe = { branch: 2, serial: 2 };
    const max = { branch: 3, serial: 1 };
    bank.doAll([deposit(ann, AMOUNT_MAX), transfer(ann, eve, AMOUNT_MAX), openAccount(2, 'zoe')]);
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'max'), deposit(max, 1n), transfer(max, bob, 1n)]);
    expect(answer(bank.do(transfer(bob, zoe, 1n)))).toEqual({
      reason: 'BALANCE_OVERFLOW',
      account: formatAccountId(interbranchOf(1, 2)),
    });
    expect([bank.balance(bob), bank.balance(zoe)]).toEqual([1n, 0n]);
  });

  it('a debt is bounded as a balance is (R2)', () => {
    const { account } = internalSide(new Books(), {
      branch: 1,
      kind: 'interbranch',
      currency: 'USD',
      peerBranch: 2,
    });
    const [debit, credit] = [{ account: { ...account, postedDebits: 5n } }, { account }];
    const leg = (amount: bigint) => ({ debit, credit, amount, counterparty: undefined });
    expect(postingOverflow(leg(AMOUNT_MAX - 5n))).toBeUndefined();
    expect(postingOverflow(leg(AMOUNT_MAX - 4n))).toMatchObject({
      reason: 'BALANCE_OVERFLOW',
    });
  });

  it('lifetime totals go on beyond 64 bits and stay exact (R2)', () => {
    for (let round = 0; round < 5; round++) {
      bank.doAll([deposit(ann, AMOUNT_MAX), withdraw(ann, AMOUNT_MAX)]);
    }
    expect(bank.account(ann)).toMatchObject({
      postedDebits: 5n * AMOUNT_MAX,
      postedCredits: 5n * AMOUNT_MAX,
    });
    expect([bank.balance(ann), bank.balance(vaultOf(1))]).toEqual([0n, 0n]);
  });
});
