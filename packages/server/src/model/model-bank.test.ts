import { AMOUNT_MAX, formatAccountId, INTERNAL_SERIAL_MIN, type AccountRef } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../ledger/command.js';
import {
  deposit,
  initializeBranch,
  openAccount,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import { ModelBank } from './model-bank.fixture.js';
import {
  abandon,
  addCash,
  captureHold,
  closeAccount,
  closeBranch,
  freezeAccount,
  group,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
  setOverdraftLimit,
  unfreezeAccount,
} from './model-commands.fixture.js';
import { internalRef } from './model-movement.fixture.js';

/** Everything here was worked out by hand, from the design alone. */

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

let bank: ModelBank;
let timeMicros: number;

beforeEach(() => {
  bank = new ModelBank();
  timeMicros = 1_000_000;
  apply(initializeBranch(1, 500n), initializeBranch(2, 0n));
  apply(openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), deposit(ann, 100n));
});

/** Does the commands, one a millisecond, each of which must apply. */
function apply(...commands: readonly Command[]): void {
  for (const command of commands) expect(answer(command)).toBe('applied');
}

/** The reason and metadata of a refusal, or the word `applied`. */
function answer(command: Command): unknown {
  timeMicros += 1_000;
  const given = bank.do(command, timeMicros);
  return given.kind === 'applied' ? 'applied' : { reason: given.refusal.reason, ...given.refusal.metadata };
}

function balances(...refs: readonly AccountRef[]): bigint[] {
  return refs.map((ref) => bank.books.balance(ref, bank.books.account(ref)?.kind));
}

/** What is in the account, what of it is held, and what is available. */
function amounts(ref: AccountRef): [bigint, bigint, bigint] {
  const account = bank.books.account(ref)!;
  const held = bank.books.heldDebits(ref, timeMicros);
  return [bank.books.balance(ref, account.kind), held, bank.books.available(account, timeMicros)];
}

function kinds(branch: number, id: string): string[] {
  return bank.books
    .journal(branch)
    .filter(({ writeId }) => writeId === id)
    .map(({ change }) => change.kind);
}

describe('a hold', () => {
  it('captured in part across branches moves the part and frees the rest (R3, R7)', () => {
    const hold = placeHold(ann, eve, 60n);
    apply(hold);
    expect(amounts(ann)).toEqual([100n, 60n, 40n]);
    expect(answer(withdraw(ann, 41n))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', available: '40' });
    expect(answer(captureHold(2, hold.id, 61n))).toEqual({
      reason: 'CAPTURE_EXCEEDS_HOLD',
      ...{ hold: hold.id, held: '60', needed: '61', currency: 'USD' },
    });
    const capture = captureHold(2, hold.id, 25n);
    apply(capture);
    expect(amounts(ann)).toEqual([75n, 0n, 75n]);
    expect(amounts(eve)).toEqual([25n, 0n, 25n]);
    const [owes, isOwed] = [internalRef(1, 'interbranch', 'USD', 2), internalRef(2, 'interbranch', 'USD', 1)];
    expect(balances(owes, isOwed)).toEqual([25n, -25n]);
    expect(bank.books.heldCredits(owes, timeMicros)).toBe(0n);
    expect(bank.books.journal(2).at(-1)).toMatchObject({
      change: { debit: isOwed.serial, credit: 1, amount: 25n, counterparty: ann, creditBalance: 25n },
    });
    expect(bank.books.journal(1).at(-1)).toMatchObject({ change: { capture: { hold: hold.id, held: 60n } } });
    for (const late of [captureHold(1, hold.id), releaseHold(2, hold.id)]) {
      expect(answer(late)).toEqual({ reason: 'HOLD_CAPTURED', hold: hold.id, by: capture.id });
      expect(kinds(1, late.id)).toEqual(['refusal']);
      expect(kinds(2, late.id)).toEqual(['refusal']);
    }
  });

  it('that nobody knows is recorded where it was looked for alone', () => {
    const late = captureHold(1, 'no such hold');
    expect(answer(late)).toEqual({ reason: 'HOLD_NOT_FOUND', branch: '1', hold: 'no such hold' });
    expect([kinds(1, late.id), kinds(2, late.id)]).toEqual([['refusal'], []]);
  });

  it('released is free at once, and cannot be captured', () => {
    const hold = placeHold(ann, bob, 60n);
    const release = releaseHold(1, hold.id);
    apply(hold, release);
    expect(amounts(ann)).toEqual([100n, 0n, 100n]);
    expect(answer(captureHold(1, hold.id))).toEqual({
      reason: 'HOLD_RELEASED',
      hold: hold.id,
      by: release.id,
    });
  });

  it('expires at its microsecond', () => {
    const hold = placeHold(ann, eve, 60n, 5);
    apply(hold);
    const due = timeMicros + 5_000;
    timeMicros = due - 1;
    expect(amounts(ann)).toEqual([100n, 60n, 40n]);
    timeMicros = due;
    expect(amounts(ann)).toEqual([100n, 0n, 100n]);
    timeMicros = due - 1_000;
    expect(answer(captureHold(2, hold.id))).toEqual({ reason: 'HOLD_EXPIRED', hold: hold.id });
    expect(answer(releaseHold(1, hold.id))).toEqual({ reason: 'HOLD_EXPIRED', hold: hold.id });
  });

  it('can be captured in its last microsecond', () => {
    const hold = placeHold(ann, eve, 60n, 5);
    apply(hold);
    timeMicros += 5_000 - 1_001;
    apply(captureHold(2, hold.id));
  });

  it('may be written down as expired once it is due, and once only', () => {
    const hold = placeHold(ann, eve, 60n, 5);
    apply(hold);
    expect(() => bank.expire(1, hold.id, timeMicros + 4_999)).toThrow('cannot expire');
    bank.expire(1, hold.id, timeMicros + 5_000);
    expect(() => bank.expire(1, hold.id, timeMicros + 6_000)).toThrow('cannot expire');
    expect(bank.books.journal(1).at(-1)).toMatchObject({ ordinal: -1, writeId: hold.id });
    expect(bank.books.hold(2, hold.id)).toMatchObject({ status: 'held' });
  });

  it('placed before a freeze may be captured; the payee must not be closed then (R10)', () => {
    const [hold, other] = [placeHold(ann, bob, 60n), placeHold(ann, bob, 10n)];
    apply(hold, other, freezeAccount(ann));
    expect(answer(placeHold(ann, bob, 1n))).toEqual({ reason: 'ACCOUNT_FROZEN', account: '1-1-45' });
    apply(closeAccount(bob));
    expect(answer(captureHold(1, hold.id))).toEqual({ reason: 'ACCOUNT_CLOSED', account: '1-2-42' });
    apply(releaseHold(1, hold.id));
    expect(amounts(ann)).toEqual([100n, 10n, 90n]);
  });

  it('counts against the bounds of 64 bits on both sides (R2)', () => {
    apply(initializeBranch(3, 0n), openAccount(3, 'zoe'), openAccount(3, 'max'));
    const [zoe, max] = [
      { branch: 3, serial: 1 },
      { branch: 3, serial: 2 },
    ];
    apply(deposit(zoe, AMOUNT_MAX - 5n), placeHold(zoe, max, AMOUNT_MAX - 5n));
    expect(answer(placeHold(ann, max, 6n))).toEqual({
      reason: 'BALANCE_OVERFLOW',
      account: formatAccountId(max),
    });
    apply(placeHold(ann, max, 5n));
    expect(answer(deposit(max, 1n))).toEqual({ reason: 'BALANCE_OVERFLOW', account: formatAccountId(max) });
  });
});

describe('an overdraft', () => {
  it('can be used to its limit, and no more once the limit is lowered (R4)', () => {
    apply(setOverdraftLimit(bob, 50n), transfer(bob, ann, 50n));
    expect(amounts(bob)).toEqual([-50n, 0n, 0n]);
    apply(setOverdraftLimit(bob, 20n));
    expect(answer(transfer(bob, ann, 1n))).toMatchObject({ available: '-30', needed: '1' });
    apply(transfer(ann, bob, 31n), transfer(bob, ann, 1n));
  });

  it('makes a hold on an empty account, which then cannot be closed', () => {
    apply(setOverdraftLimit(bob, 50n), placeHold(bob, eve, 30n));
    expect(answer(closeAccount(bob))).toEqual({
      reason: 'ACCOUNT_HAS_HOLDS',
      ...{ account: '1-2-42', held: '30', currency: 'USD' },
    });
  });
});

describe('states', () => {
  it('stop debits, and credits too once closed (R10)', () => {
    apply(freezeAccount(ann), freezeAccount(ann), deposit(ann, 1n));
    expect(answer(withdraw(ann, 1n))).toEqual({ reason: 'ACCOUNT_FROZEN', account: '1-1-45' });
    expect(answer(closeAccount(ann))).toEqual({
      reason: 'ACCOUNT_NOT_EMPTY',
      ...{ account: '1-1-45', balance: '101', currency: 'USD' },
    });
    apply(unfreezeAccount(ann), withdraw(ann, 101n), closeAccount(ann));
    for (const late of [deposit(ann, 1n), unfreezeAccount(ann), closeAccount(ann)]) {
      expect(answer(late)).toEqual({ reason: 'ACCOUNT_CLOSED', account: '1-1-45' });
    }
  });

  it('of a branch: it closes empty and settled, and takes nothing more', () => {
    expect(answer(closeBranch(2))).toEqual({ reason: 'BRANCH_NOT_EMPTY', branch: '2' });
    const hold = placeHold(ann, eve, 5n);
    apply(hold, closeAccount(eve));
    expect(answer(closeBranch(2))).toMatchObject({ reason: 'BRANCH_NOT_EMPTY' });
    apply(releaseHold(1, hold.id), closeBranch(2));
    expect(answer(transfer(ann, eve, 5n))).toEqual({ reason: 'BRANCH_CLOSED', branch: '2' });
    expect(answer(initializeBranch(2, 5n))).toEqual({ reason: 'BRANCH_EXISTS', branch: '2' });
  });

  it('of a branch: cash keeps it open', () => {
    apply(initializeBranch(3, 5n));
    expect(answer(closeBranch(3))).toMatchObject({ reason: 'BRANCH_NOT_EMPTY' });
    expect(answer(removeCash(3, 6n))).toEqual({
      reason: 'INSUFFICIENT_CASH',
      ...{ branch: '3', available: '5', needed: '6', currency: 'USD' },
    });
    apply(removeCash(3, 5n), closeBranch(3));
  });
});

describe('the bank itself', () => {
  it('brings cash and takes it, capital going below zero (R3)', () => {
    apply(addCash(2, 30n), deposit(eve, 20n), removeCash(2, 50n));
    const [vault, capital] = [internalRef(2, 'vault', 'USD'), internalRef(2, 'capital', 'USD')];
    expect(balances(vault, capital)).toEqual([0n, -20n]);
  });

  it('moves fees, interest and exchanges by its operators alone (R7)', () => {
    const [income, expense, exchange] = [
      internalRef(2, 'income', 'USD'),
      internalRef(1, 'expense', 'USD'),
      internalRef(1, 'exchange', 'USD'),
    ];
    apply(operatorTransfer(ann, income, 3n), operatorTransfer(expense, ann, 1n));
    apply(operatorTransfer(exchange, bob, 40n));
    expect(balances(income, expense, exchange, ann, bob)).toEqual([3n, 1n, -40n, 98n, 40n]);
    expect(answer(transfer(ann, income, 1n))).toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' });
    expect(answer(operatorTransfer(ann, internalRef(1, 'vault', 'USD'), 1n))).toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
    });
    expect(answer(operatorTransfer(ann, internalRef(1, 'income', 'EUR'), 1n))).toMatchObject({
      ...{ reason: 'CURRENCY_MISMATCH', currency: 'EUR', given: 'USD' },
    });
  });
});

describe('a group', () => {
  it('applies in order, a header first in each of its branches (R6)', () => {
    const [first, second] = [transfer(ann, eve, 100n), transfer(eve, bob, 70n)];
    const both = group(first, second);
    apply(both);
    expect(balances(ann, bob, eve)).toEqual([0n, 70n, 30n]);
    expect(kinds(1, both.id)).toEqual(['groupOpened']);
    expect(bank.books.journal(2).map(({ change, group: place }) => [change.kind, place?.index])).toEqual([
      ...[
        ['branchOpened', undefined],
        ['accountOpened', undefined],
        ['accountOpened', undefined],
        ['accountOpened', undefined],
      ],
      ['groupOpened', undefined],
      ['accountOpened', 0],
      ['posting', 0],
      ['posting', 1],
    ]);
    expect(bank.books.journal(2).find(({ writeId }) => writeId === both.id)).toMatchObject({
      change: { members: 2, branches: [1, 2], reversalOf: undefined },
    });
  });

  it('that fails in the middle changes nothing, and leaves its members unused (R5, R6)', () => {
    const [first, second, third] = [transfer(ann, bob, 100n), withdraw(ann, 1n), deposit(eve, 1n)];
    const all = group(first, second, third);
    const refusal = {
      reason: 'INSUFFICIENT_FUNDS',
      ...{ account: '1-1-45', available: '0', needed: '1', currency: 'USD', member: '1' },
    };
    expect(answer(all)).toEqual(refusal);
    expect([kinds(1, all.id), kinds(2, all.id)]).toEqual([['refusal'], ['refusal']]);
    expect(balances(ann, bob, eve)).toEqual([100n, 0n, 0n]);
    expect(answer(all)).toEqual(refusal);
    apply(first, third);
  });

  it('refused for a branch that there is not leaves no trace (R5)', () => {
    const all = group(deposit(ann, 1n), deposit({ branch: 8, serial: 1 }, 1n));
    expect(answer(all)).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '8', member: '1' });
    expect(kinds(1, all.id)).toEqual([]);
  });

  it('can capture what it holds', () => {
    const hold = placeHold(ann, eve, 30n);
    apply(group(hold, captureHold(1, hold.id, 10n)));
    expect(balances(ann, eve)).toEqual([90n, 10n]);
  });

  it('is reversed whole, from its end, and once (R8)', () => {
    const [first, second] = [transfer(ann, bob, 100n), transfer(bob, eve, 70n)];
    const both = group(first, second);
    apply(both);
    expect(answer(reverseTransfer(1, first.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    expect(answer(reverseTransfer(1, both.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    const reversal = reverseGroup(2, both.id);
    apply(reversal);
    expect(balances(ann, bob, eve)).toEqual([100n, 0n, 0n]);
    expect(bank.books.postings(1).map(({ reversalOf }) => reversalOf)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...[second.id, first.id],
    ]);
    expect(answer(reverseGroup(1, both.id))).toEqual({
      reason: 'ALREADY_REVERSED',
      ...{ original: both.id, by: reversal.id },
    });
    expect(answer(reverseGroup(1, reversal.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it('with a hold in it is not reversed', () => {
    const all = group(placeHold(ann, bob, 1n));
    apply(all);
    expect(answer(reverseGroup(1, all.id))).toMatchObject({ reason: 'NOT_REVERSIBLE', original: all.id });
  });
});

describe('a reversal', () => {
  it('mirrors both legs, points at the original, and comes once (R7, R8)', () => {
    const original = transfer(ann, eve, 30n);
    const reversal = reverseTransfer(2, original.id);
    apply(original, reversal);
    expect(balances(ann, eve, internalRef(1, 'interbranch', 'USD', 2))).toEqual([100n, 0n, 0n]);
    expect(bank.books.journal(2).at(-1)).toMatchObject({
      change: {
        ...{ debit: 1, credit: internalRef(2, 'interbranch', 'USD', 1).serial, amount: 30n },
        ...{ counterparty: ann, reversalOf: original.id },
      },
    });
    expect(answer(reverseTransfer(1, original.id))).toEqual({
      reason: 'ALREADY_REVERSED',
      ...{ original: original.id, by: reversal.id },
    });
    expect(answer(reverseTransfer(1, reversal.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it('needs what it takes back (R3, R4, R10)', () => {
    const original = transfer(ann, eve, 30n);
    apply(original, transfer(eve, bob, 1n));
    expect(answer(reverseTransfer(1, original.id))).toMatchObject({
      ...{ reason: 'INSUFFICIENT_FUNDS', account: '2-1-92', available: '29', needed: '30' },
    });
    apply(transfer(bob, eve, 1n), freezeAccount(eve));
    expect(answer(reverseTransfer(1, original.id))).toMatchObject({ reason: 'ACCOUNT_FROZEN' });
  });

  it('of what is no transfer, or is not known, is refused', () => {
    const [opening, refused] = [openAccount(1, 'zoe'), withdraw(ann, 500n)];
    apply(opening);
    answer(refused);
    expect(answer(reverseTransfer(1, opening.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    for (const original of [refused.id, 'nothing']) {
      expect(answer(reverseTransfer(1, original))).toEqual({
        reason: 'ORIGINAL_NOT_FOUND',
        ...{ branch: '1', original },
      });
    }
    expect(answer(reverseGroup(1, opening.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it.each([
    ['a deposit', deposit(ann, 7n), [100n, 600n]],
    ['a withdrawal', withdraw(ann, 7n), [100n, 600n]],
    ['cash brought', addCash(1, 7n), [100n, 600n]],
    ['cash taken', removeCash(1, 7n), [100n, 600n]],
  ])('takes back %s', (_what, original, expected) => {
    apply(original, reverseTransfer(1, original.id));
    expect(balances(ann, internalRef(1, 'vault', 'USD'))).toEqual(expected);
  });

  it("takes back a capture, of the part captured, and the seed's deposits", () => {
    const hold = placeHold(ann, eve, 60n);
    const capture = captureHold(1, hold.id, 25n);
    const seed = seedDeposit(1, 9n);
    apply(hold, capture, seed, reverseTransfer(2, capture.id), reverseTransfer(1, seed.id));
    expect(amounts(ann)).toEqual([100n, 0n, 100n]);
    expect(balances(eve, { branch: 1, serial: 3 })).toEqual([0n, 0n]);
  });
});

describe('an id', () => {
  it('has one answer for one body and names the fields of another (R5)', () => {
    const command = transfer(ann, eve, 30n);
    const first = bank.do(command, 5_000_000);
    expect(bank.do(command, 6_000_000)).toEqual({ ...first, replayed: true });
    expect(bank.do({ ...command, notes: undefined, preconditions: [] }, 6_000_000)).toMatchObject({
      replayed: true,
    });
    const another = { ...command, amount: 31n, preconditions: [{ account: ann, position: 4 }] };
    expect(bank.do(another, 6_000_000)).toMatchObject({
      ...{ refusal: { reason: 'ID_REUSED' }, differing: ['amount', 'preconditions'], replayed: false },
    });
    expect(balances(ann)).toEqual([70n]);
  });

  it('abandoned answers any body with that (R13)', () => {
    const command = transfer(ann, eve, 30n);
    expect(answer(abandon(2, command.id))).toEqual({ reason: 'ABANDONED', id: command.id });
    expect(answer(command)).toEqual({ reason: 'ABANDONED', id: command.id });
    expect(answer(deposit(eve, 5n, { id: command.id }))).toEqual({ reason: 'ABANDONED', id: command.id });
    apply(deposit(ann, 5n, { id: command.id }));
    expect(balances(ann, eve)).toEqual([105n, 0n]);
  });

  it('of a known write cannot be abandoned: its answer comes again (R13)', () => {
    const [applied, refused] = [transfer(ann, eve, 30n), withdraw(ann, 500n)];
    apply(applied);
    answer(refused);
    const entries = bank.books.journal(1).length;
    expect(bank.do(abandon(2, applied.id), timeMicros)).toMatchObject({ kind: 'applied', replayed: true });
    expect(answer(abandon(1, refused.id))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS' });
    expect(answer(abandon(9, applied.id))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '9' });
    expect(bank.books.journal(1).length).toBe(entries);
  });
});

describe('preconditions', () => {
  it('are checked in order, before the accounts of the write', () => {
    const vault = internalRef(1, 'vault', 'USD');
    const refused = (preconditions: Command['preconditions']) =>
      answer({ ...withdraw({ branch: 1, serial: 9 }, 1n), preconditions });
    expect(refused([{ account: vault, balanceAtLeast: 601n }])).toEqual({
      reason: 'PRECONDITION_FAILED',
      ...{ account: formatAccountId(vault), condition: 'balance_at_least', expected: '601', actual: '600' },
    });
    const missing = internalRef(1, 'vault', 'EUR');
    expect(refused([{ account: missing, balanceAtMost: 0n, position: 1 }])).toMatchObject({
      ...{ condition: 'position', expected: '1', actual: '0' },
    });
    expect(refused([{ account: { branch: 1, serial: 8 }, balanceAtLeast: 0n }])).toEqual({
      ...{ reason: 'ACCOUNT_NOT_FOUND', account: '1-8-24' },
    });
    expect(refused([{ account: ann, balanceAtLeast: 100n, balanceAtMost: 100n }])).toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
    });
  });

  it('know the last entry that changed the account', () => {
    const at = bank.books.journal(1).length;
    const told = (position: number) =>
      answer({ ...deposit(ann, 1n), preconditions: [{ account: ann, position }] });
    expect(told(at - 1)).toMatchObject({ condition: 'position', actual: String(at) });
    expect(told(at)).toBe('applied');
    expect(told(at)).toMatchObject({ condition: 'position', actual: String(at + 2) });
  });
});

describe("the seed's deposits", () => {
  it('open the account the first time, and stay with it', () => {
    apply(initializeBranch(10, 0n), seedDeposit(0, 5n), initializeBranch(0, 0n), seedDeposit(0, 5n));
    apply(seedDeposit(20, 5n));
    expect(balances({ branch: 10, serial: 1 }, { branch: 0, serial: 1 })).toEqual([10n, 5n]);
    expect(answer(seedDeposit(5, 1n))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '5' });
  });

  it('and openings end with the last serial', () => {
    bank.books.skipSerials(1, INTERNAL_SERIAL_MIN - 1);
    apply(openAccount(1, 'the last'));
    expect(answer(openAccount(1, 'late'))).toEqual({ reason: 'BRANCH_FULL', branch: '1' });
    expect(answer(seedDeposit(1, 5n))).toEqual({ reason: 'BRANCH_FULL', branch: '1' });
  });
});
