import { AMOUNT_MAX, formatAccountId } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import {
  captureHold,
  closeAccount,
  freezeAccount,
  placeHold,
  releaseHold,
  setOverdraftLimit,
} from './model-commands.fixture.js';
import { internalRef } from './model-movement.fixture.js';
import { ann, bob, eve, WorkedExample } from './worked-example.fixture.js';

let example: WorkedExample;

beforeEach(() => {
  example = new WorkedExample();
});

describe('a hold', () => {
  it('captured in part across branches moves the part and frees the rest (R3, R7)', () => {
    const hold = placeHold(ann, eve, 60n);
    example.apply(hold);
    expect(example.amounts(ann)).toEqual([100n, 60n, 40n]);
    expect(example.answer(withdraw(ann, 41n))).toMatchObject({
      reason: 'INSUFFICIENT_FUNDS',
      available: '40',
    });
    expect(example.answer(captureHold(2, hold.id, 61n))).toEqual({
      reason: 'CAPTURE_EXCEEDS_HOLD',
      ...{ hold: hold.id, held: '60', needed: '61', currency: 'USD' },
    });
    const capture = captureHold(2, hold.id, 25n);
    example.apply(capture);
    expect(example.amounts(ann)).toEqual([75n, 0n, 75n]);
    expect(example.amounts(eve)).toEqual([25n, 0n, 25n]);
    const [owes, isOwed] = [internalRef(1, 'interbranch', 'USD', 2), internalRef(2, 'interbranch', 'USD', 1)];
    expect(example.balances(owes, isOwed)).toEqual([25n, -25n]);
    expect(example.bank.books.held('credit', owes, example.timeMicros)).toBe(0n);
    expect(example.bank.books.journal(2).at(-1)).toMatchObject({
      change: { debit: isOwed.serial, credit: 1, amount: 25n, counterparty: ann, creditBalance: 25n },
    });
    expect(example.bank.books.journal(1).at(-1)).toMatchObject({
      change: { capture: { hold: hold.id, held: 60n } },
    });
    for (const late of [captureHold(1, hold.id), releaseHold(2, hold.id)]) {
      expect(example.answer(late)).toEqual({ reason: 'HOLD_CAPTURED', hold: hold.id, by: capture.id });
      expect(example.kinds(1, late.id)).toEqual(['refusal']);
      expect(example.kinds(2, late.id)).toEqual(['refusal']);
    }
  });

  it('that nobody knows is recorded where it was looked for alone', () => {
    const late = captureHold(1, 'no such hold');
    expect(example.answer(late)).toEqual({ reason: 'HOLD_NOT_FOUND', branch: '1', hold: 'no such hold' });
    expect([example.kinds(1, late.id), example.kinds(2, late.id)]).toEqual([['refusal'], []]);
  });

  it('released is free at once, and cannot be captured', () => {
    const hold = placeHold(ann, bob, 60n);
    const release = releaseHold(1, hold.id);
    example.apply(hold, release);
    expect(example.amounts(ann)).toEqual([100n, 0n, 100n]);
    expect(example.answer(captureHold(1, hold.id))).toEqual({
      reason: 'HOLD_RELEASED',
      hold: hold.id,
      by: release.id,
    });
  });

  it('expires at its microsecond', () => {
    const hold = placeHold(ann, eve, 60n, 5);
    example.openInterbranch();
    example.apply(hold);
    const due = example.timeMicros + 5_000;
    example.timeMicros = due - 1;
    expect(example.amounts(ann)).toEqual([100n, 60n, 40n]);
    example.timeMicros = due;
    expect(example.amounts(ann)).toEqual([100n, 0n, 100n]);
    example.timeMicros = due - 1_000;
    expect(example.answer(captureHold(2, hold.id))).toEqual({ reason: 'HOLD_EXPIRED', hold: hold.id });
    expect(example.answer(releaseHold(1, hold.id))).toEqual({ reason: 'HOLD_EXPIRED', hold: hold.id });
  });

  it('can be captured in its last microsecond', () => {
    const hold = placeHold(ann, eve, 60n, 5);
    example.openInterbranch();
    example.apply(hold);
    example.timeMicros += 5_000 - 1_001;
    example.apply(captureHold(2, hold.id));
  });

  it('may be written down as expired once it is due, and once only', () => {
    const hold = placeHold(ann, eve, 60n, 5);
    example.openInterbranch();
    example.apply(hold);
    expect(() => example.bank.expire(1, hold.id, example.timeMicros + 4_999)).toThrow('cannot expire');
    example.bank.expire(1, hold.id, example.timeMicros + 5_000);
    expect(() => example.bank.expire(1, hold.id, example.timeMicros + 6_000)).toThrow('cannot expire');
    expect(example.bank.books.journal(1).at(-1)).toMatchObject({ ordinal: -1, writeId: hold.id });
    expect(example.bank.books.hold(2, hold.id)).toMatchObject({ status: 'held' });
  });

  it('placed before a freeze may be captured; the payee must not be closed then (R10)', () => {
    const [hold, other] = [placeHold(ann, bob, 60n), placeHold(ann, bob, 10n)];
    example.apply(hold, other, freezeAccount(ann));
    expect(example.answer(placeHold(ann, bob, 1n))).toEqual({ reason: 'ACCOUNT_FROZEN', account: '1-1-45' });
    example.apply(closeAccount(bob));
    expect(example.answer(captureHold(1, hold.id))).toEqual({ reason: 'ACCOUNT_CLOSED', account: '1-2-42' });
    example.apply(releaseHold(1, hold.id));
    expect(example.amounts(ann)).toEqual([100n, 10n, 90n]);
  });

  it('counts against the bounds of 64 bits on both sides (R2)', () => {
    example.apply(initializeBranch(3, 0n), openAccount(3, 'zoe'), openAccount(3, 'max'));
    const [zoe, max] = [
      { branch: 3, serial: 1 },
      { branch: 3, serial: 2 },
    ];
    example.apply(deposit(zoe, AMOUNT_MAX - 5n), placeHold(zoe, max, AMOUNT_MAX - 5n));
    expect(example.answer(placeHold(ann, max, 6n))).toEqual({
      reason: 'BALANCE_OVERFLOW',
      account: formatAccountId(max),
    });
    example.apply(placeHold(ann, max, 5n));
    expect(example.answer(deposit(max, 1n))).toEqual({
      reason: 'BALANCE_OVERFLOW',
      account: formatAccountId(max),
    });
  });
});

describe('an overdraft', () => {
  it('can be used to its limit, and no more once the limit is lowered (R4)', () => {
    example.apply(setOverdraftLimit(bob, 50n), transfer(bob, ann, 50n));
    expect(example.amounts(bob)).toEqual([-50n, 0n, 0n]);
    example.apply(setOverdraftLimit(bob, 20n));
    expect(example.answer(transfer(bob, ann, 1n))).toMatchObject({ available: '-30', needed: '1' });
    example.apply(transfer(ann, bob, 31n), transfer(bob, ann, 1n));
  });

  it('makes a hold on an empty account, which then cannot be closed', () => {
    example.apply(setOverdraftLimit(bob, 50n), placeHold(bob, eve, 30n));
    expect(example.answer(closeAccount(bob))).toEqual({
      reason: 'ACCOUNT_HAS_HOLDS',
      ...{ account: '1-2-42', held: '30', currency: 'USD' },
    });
  });
});
