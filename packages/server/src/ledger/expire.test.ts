import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  captureHold,
  closeAccount,
  deposit,
  expireHolds,
  group,
  initializeBranch,
  openAccount,
  placeHold,
  releaseHold,
  transfer,
  withdraw,
} from './commands.fixture.js';
import type { Entry } from './entry.js';
import { answer, interbranchOf, type MemoryBank } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

/** When a hold is placed, and when it expires if it is to last a millisecond. */
const PLACED = 50_000;
const EXPIRY = 51_000;

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
  // The interbranch accounts are there already.
  bank.doAll([transfer(ann, eve, 1n), transfer(eve, ann, 1n)]);
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

function placed(to = bob, amount = 60n, expiresInMs = 1) {
  const hold = placeHold(ann, to, amount, { expiresInMs });
  expect(answer(bank.do(hold, PLACED))).toBe('applied');
  return hold;
}

function expiries(branch: number): Entry[] {
  return bank.journal(branch).filter(({ change }) => change.kind === 'holdExpired');
}

describe('a hold expires', () => {
  it.each([bob, eve])('at its microsecond: not one earlier, and it can be captured until then', (payee) => {
    const [hold, other] = [placed(payee, 60n), placed(payee, 10n, 2)];
    expect(bank.hold(1, hold.id)).toMatchObject({ placedMicros: PLACED, expiresMicros: EXPIRY });
    expect(answer(bank.do(captureHold(1, hold), EXPIRY - 1))).toBe('applied');
    const { expiresMicros } = bank.hold(1, other.id)!;
    const late = { reason: 'HOLD_EXPIRED', hold: other.id };
    expect(answer(bank.do(captureHold(1, other), expiresMicros))).toEqual(late);
    expect(answer(bank.do(releaseHold(1, other), expiresMicros! + 1))).toEqual(late);
    expect(answer(bank.do(captureHold(payee.branch, other), expiresMicros! + 1_000_000))).toEqual(late);
  });

  it.each([
    ['one microsecond before', EXPIRY - 1, { reason: 'INSUFFICIENT_FUNDS', available: '40' }],
    ['at its time', EXPIRY, undefined],
    ['long after', EXPIRY + 1_000_000, undefined],
  ])('without anyone asking: %s, another write finds the money', (_when, clockMicros, refusal) => {
    placed();
    const outcome = bank.do(withdraw(ann, 41n), clockMicros);
    if (refusal === undefined) expect(answer(outcome)).toBe('applied');
    else expect(answer(outcome)).toMatchObject(refusal);
  });

  it('as an entry under its own id, just before what finds it so (R8)', () => {
    const hold = placed();
    const command = withdraw(ann, 41n);
    bank.do(command, EXPIRY);
    const [expired, posted] = bank.journal(1).slice(-2);
    expect(expired).toMatchObject({
      ...{ timeMicros: EXPIRY, writeId: hold.id, ordinal: -1, body: undefined },
      change: { kind: 'holdExpired', hold: hold.id, debit: 1, credit: 2, amount: 60n, currency: 'USD' },
    });
    expect(posted).toMatchObject({ timeMicros: EXPIRY + 1, writeId: command.id });
    expect(bank.hold(1, hold.id)).toMatchObject({ status: 'expired', captured: undefined });
    expect(bank.hold(1, hold.id)).toHaveProperty('resolvedBy', undefined);
    expect([bank.account(ann)!.heldDebits, bank.account(bob)!.heldCredits]).toEqual([0n, 0n]);
  });

  it('for a replay of its own command as well, whose answer stays (R5)', () => {
    const hold = placeHold(ann, eve, 60n, { expiresInMs: 1 });
    const first = bank.do(hold, PLACED);
    expect(bank.do(hold, EXPIRY)).toEqual({ ...first, replayed: true });
    expect(bank.hold(2, hold.id)).toMatchObject({ status: 'expired' });
    expect(bank.do(hold, EXPIRY)).toEqual({ ...first, replayed: true });
  });

  it('once, and never again after it was resolved', () => {
    const [captured, released, kept] = [placed(bob, 1n), placed(bob, 2n), placed(bob, 3n)];
    const forever = placeHold(ann, bob, 4n);
    bank.doAll([captureHold(1, captured), releaseHold(1, released), forever], PLACED);
    for (let clockMicros = EXPIRY; clockMicros < 60_000; clockMicros += 500) {
      bank.do(deposit(ann, 1n), clockMicros);
    }
    expect(expiries(1).map(({ writeId }) => writeId)).toEqual([kept.id]);
    expect(bank.account(ann)).toMatchObject({ heldDebits: 4n });
  });
});

describe('the time that counts', () => {
  it('is that of the entries, though the clock be behind them (R8, trap 14)', () => {
    const hold = placed();
    bank.do(deposit(eve, 1n), EXPIRY);
    // Branch 2 has seen the expiry, and whoever touches both branches is later than both.
    expect(answer(bank.do(transfer(ann, eve, 41n), PLACED + 10))).toBe('applied');
    expect(answer(bank.do(captureHold(1, hold), PLACED + 20))).toMatchObject({ reason: 'HOLD_EXPIRED' });
  });

  it('goes on within a batch, by a microsecond for each entry', () => {
    const hold = placed();
    const commands = [withdraw(ann, 41n), deposit(bob, 1n), withdraw(ann, 42n), captureHold(1, hold)];
    expect(bank.doAll(commands, EXPIRY - 2).map(answer)).toMatchObject([
      { reason: 'INSUFFICIENT_FUNDS' },
      'applied',
      'applied',
      { reason: 'HOLD_EXPIRED' },
    ]);
  });

  it('goes on with each expiry too, by which another hold may be due', () => {
    const [first, second] = [placed(bob, 60n), placed(bob, 40n)];
    expect(bank.hold(1, second.id)!.expiresMicros).toBe(EXPIRY + 1);
    expect(answer(bank.do(withdraw(ann, 100n), EXPIRY))).toBe('applied');
    expect(expiries(1).map(({ writeId, timeMicros }) => [writeId, timeMicros])).toEqual([
      [first.id, EXPIRY],
      [second.id, EXPIRY + 1],
    ]);
  });

  it('goes on within a group, which is refused or applied by it as a whole (R6)', () => {
    const hold = placed();
    const members = () => [deposit(bob, 1n), captureHold(1, hold)];
    expect(answer(bank.do(group(members()), EXPIRY - 2))).toEqual({
      ...{ reason: 'HOLD_EXPIRED', hold: hold.id, member: '1' },
    });
    expect(answer(bank.do(group([withdraw(ann, 41n)]), EXPIRY))).toBe('applied');
  });

  it('of its own entry is what a hold lasts from, in both branches', () => {
    const zoe = { branch: 3, serial: 1 };
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'zoe')]);
    bank.do(deposit(zoe, 1n), 80_000);
    const hold = placeHold(ann, zoe, 60n, { expiresInMs: 1 });
    bank.do(hold, PLACED);
    // Both branches open an account for it first.
    for (const branch of [1, 3]) {
      expect(bank.hold(branch, hold.id)).toMatchObject({ placedMicros: 80_002, expiresMicros: 81_002 });
    }
    expect(answer(bank.do(releaseHold(3, hold), 81_001))).toBe('applied');
  });
});

describe('between branches', () => {
  it('each branch lets its own part expire when it is next written to (R7)', () => {
    const hold = placed(eve);
    bank.do(withdraw(ann, 100n), EXPIRY);
    expect([bank.hold(1, hold.id)?.status, bank.hold(2, hold.id)?.status]).toEqual(['expired', 'held']);
    expect(bank.account(interbranchOf(1, 2))).toMatchObject({ heldCredits: 0n });
    expect(bank.account(interbranchOf(2, 1))).toMatchObject({ heldDebits: 60n });
    bank.do(deposit(eve, 1n), EXPIRY);
    expect(bank.hold(2, hold.id)).toMatchObject({ status: 'expired' });
    expect(bank.account(interbranchOf(2, 1))).toMatchObject({ heldDebits: 0n });
    expect([...expiries(1), ...expiries(2)].map(({ branch }) => branch)).toEqual([1, 2]);
  });

  it.each([1, 2])('it cannot be captured through branch %i when only the other knows (R7)', (branch) => {
    const hold = placed(eve);
    bank.do(deposit(branch === 1 ? eve : ann, 1n), EXPIRY);
    for (const attempt of [captureHold(branch, hold), releaseHold(branch, hold)]) {
      expect(answer(bank.do(attempt, PLACED + 5))).toEqual({ reason: 'HOLD_EXPIRED', hold: hold.id });
    }
    expect([bank.hold(1, hold.id)?.status, bank.hold(2, hold.id)?.status]).toEqual(['expired', 'expired']);
  });

  it('an account closes although a hold for it has not been told to expire (R10)', () => {
    placed(eve);
    expect(answer(bank.do(closeAccount(eve), EXPIRY))).toBe('applied');
    expect(bank.account(eve)).toMatchObject({ heldCredits: 0n, status: 'closed' });
  });
});

describe('a sweep', () => {
  it('lets everything in a branch expire that is due, and nothing else', () => {
    const [here, there, later] = [placed(bob, 1n), placed(eve, 2n), placed(bob, 3n, 5)];
    const sweep = expireHolds(1);
    expect(bank.do(sweep, EXPIRY + 100)).toEqual({ kind: 'applied', entries: [], replayed: false });
    expect(expiries(1).map(({ writeId }) => writeId)).toEqual([here.id, there.id]);
    expect(bank.hold(1, later.id)).toMatchObject({ status: 'held' });
    expect(bank.account(interbranchOf(1, 2))).toMatchObject({ heldCredits: 0n });
    expect(bank.hold(2, there.id)).toMatchObject({ status: 'held' });
  });

  it('leaves no trace when nothing is due, of itself never', () => {
    placed();
    const entries = bank.entries.length;
    const sweep = expireHolds(1);
    bank.do(sweep, EXPIRY - 1);
    expect(bank.entries.length).toBe(entries);
    bank.do(sweep, EXPIRY);
    expect(bank.entries.length).toBe(entries + 1);
    expect(bank.entries.some(({ writeId }) => writeId === sweep.id)).toBe(false);
  });
});
