import { formatAccountId, internalSerial } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  captureHold,
  closeAccount,
  deposit,
  freezeAccount,
  openAccount,
  placeHold,
  releaseHold,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('a hold', () => {
  it('reserves the amount on both accounts and moves nothing (R3)', () => {
    const command = placeHold(ann, bob, 60n);
    const outcome = bank.do(command, 50_000);
    const change = { kind: 'holdPlaced', debit: 1, credit: 2, amount: 60n, expiresMicros: undefined };
    expect(outcome).toMatchObject({ kind: 'applied', entries: [{ branch: 1, change }] });
    expect(bank.account(ann)).toMatchObject({ postedDebits: 0n, heldDebits: 60n, heldCredits: 0n });
    expect(bank.account(bob)).toMatchObject({ postedCredits: 0n, heldDebits: 0n, heldCredits: 60n });
    expect(bank.hold(1, command.id)).toMatchObject({ status: 'held', amount: 60n, placedMicros: 50_000 });
  });

  it('counts against what the payer has available (R4)', () => {
    bank.do(placeHold(ann, bob, 60n));
    const refusal = { reason: 'INSUFFICIENT_FUNDS', account: '1-1-45', available: '40', needed: '41' };
    for (const command of [withdraw(ann, 41n), transfer(ann, eve, 41n), placeHold(ann, eve, 41n)]) {
      expect(answer(bank.do(command))).toEqual({ ...refusal, currency: 'USD' });
    }
    expect(answer(bank.do(placeHold(ann, eve, 40n)))).toBe('applied');
    expect(answer(bank.do(withdraw(ann, 1n)))).toMatchObject({ available: '0' });
  });

  it('never helps the payee, who has nothing before it is captured (R3)', () => {
    bank.do(placeHold(ann, bob, 60n));
    for (const command of [withdraw(bob, 1n), transfer(bob, ann, 1n), placeHold(bob, ann, 1n)]) {
      expect(answer(bank.do(command))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', available: '0' });
    }
  });

  it('may reserve what is lent (R4)', () => {
    bank.do(setOverdraftLimit(ann, 50n));
    expect(answer(bank.do(placeHold(ann, bob, 150n)))).toBe('applied');
    expect(answer(bank.do(placeHold(ann, bob, 1n)))).toMatchObject({ available: '0', needed: '1' });
  });

  it('between branches reserves in each, through interbranch accounts opened on the way (R7)', () => {
    const command = placeHold(ann, eve, 60n);
    const outcome = bank.do(command, 50_000);
    const entries = outcome.kind === 'applied' ? outcome.entries : [];
    expect(entries.map(({ branch, change, timeMicros }) => [branch, change.kind, timeMicros])).toEqual([
      [1, 'accountOpened', 50_000],
      [1, 'holdPlaced', 50_001],
      [2, 'accountOpened', 50_000],
      [2, 'holdPlaced', 50_001],
    ]);
    expect(bank.account(interbranchOf(1, 2))).toMatchObject({ heldDebits: 0n, heldCredits: 60n });
    expect(bank.account(interbranchOf(2, 1))).toMatchObject({ heldDebits: 60n, heldCredits: 0n });
    expect(bank.account(eve)).toMatchObject({ heldCredits: 60n });
    expect(bank.hold(1, command.id)).toMatchObject({ counterparty: eve, debit: 1 });
    expect(bank.hold(2, command.id)).toMatchObject({ counterparty: ann, credit: 1 });
  });

  it.each([
    [
      'more than there is (R4)',
      placeHold(ann, bob, 101n),
      { reason: 'INSUFFICIENT_FUNDS', available: '100' },
    ],
    ['an unknown branch', placeHold(ann, { branch: 8, serial: 1 }, 1n), { reason: 'BRANCH_NOT_FOUND' }],
    ['an unknown payer', placeHold({ branch: 1, serial: 9 }, bob, 1n), { reason: 'ACCOUNT_NOT_FOUND' }],
    ['an unknown payee', placeHold(ann, { branch: 2, serial: 9 }, 1n), { account: '2-9-68' }],
    ['another currency', placeHold(ann, bob, 1n, { currency: 'EUR' }), { reason: 'CURRENCY_MISMATCH' }],
    ['cash in the vault (R7)', placeHold(ann, vaultOf(1), 1n), { account: formatAccountId(vaultOf(1)) }],
    ['cash out of the vault (R7)', placeHold(vaultOf(1), ann, 1n), { account: formatAccountId(vaultOf(1)) }],
    [
      "the bank's own income (R7)",
      placeHold(ann, { branch: 1, serial: internalSerial({ kind: 'income', currency: 'USD' }) }, 1n),
      { reason: 'ACCOUNT_NOT_FOUND' },
    ],
  ])('is refused of %s, and reserves nothing', (_what, command, refusal) => {
    expect(answer(bank.do(command))).toMatchObject(refusal);
    expect(bank.holds.length).toBe(0);
    expect(bank.account(ann)).toMatchObject({ heldDebits: 0n });
  });

  it('is not placed on a frozen payer, nor on a closed account, but for a frozen payee (R10)', () => {
    bank.doAll([openAccount(1, 'zoe'), closeAccount({ branch: 1, serial: 3 }), deposit(bob, 10n)]);
    bank.do(freezeAccount(bob));
    expect(answer(bank.do(placeHold(bob, ann, 1n)))).toEqual({ reason: 'ACCOUNT_FROZEN', account: '1-2-42' });
    const closed = { branch: 1, serial: 3 };
    for (const command of [placeHold(closed, ann, 1n), placeHold(ann, closed, 1n)]) {
      expect(answer(bank.do(command))).toEqual({ reason: 'ACCOUNT_CLOSED', account: '1-3-39' });
    }
    expect(answer(bank.do(placeHold(ann, bob, 1n)))).toBe('applied');
  });

  it('is one of a thousand on an account, and each counts (R3, R4)', () => {
    bank.do(deposit(ann, 900n));
    const holds = Array.from({ length: 1_000 }, (_, index) =>
      placeHold(ann, index % 2 === 0 ? bob : eve, 1n, index % 4 === 3 ? { expiresInMs: 1_000 } : {}),
    );
    expect(new Set(bank.doAll(holds).map(answer))).toEqual(new Set(['applied']));
    expect(answer(bank.do(withdraw(ann, 1n)))).toMatchObject({ available: '0' });
    bank.doAll(
      holds
        .filter((_hold, index) => index % 4 < 2)
        .map((hold, index) => (index % 2 === 0 ? captureHold(1, hold) : releaseHold(2, hold))),
    );
    expect(bank.account(ann)).toMatchObject({ postedDebits: 250n, heldDebits: 500n });
    expect(answer(bank.do(withdraw(ann, 500n), 2_000_000))).toBe('applied');
    expect(bank.account(ann)).toMatchObject({ postedDebits: 750n, heldDebits: 250n });
    expect([bank.balance(ann), bank.balance(bob), bank.balance(eve)]).toEqual([250n, 250n, 0n]);
  });
});
