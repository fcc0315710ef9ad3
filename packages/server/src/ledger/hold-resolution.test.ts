import { formatAccountId } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  captureHold,
  closeAccount,
  deposit,
  freezeAccount,
  initializeBranch,
  openAccount,
  placeHold,
  releaseHold,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('a capture', () => {
  it('of the whole posts it, and nothing stays reserved (R3)', () => {
    const hold = placeHold(ann, bob, 60n);
    const capture = captureHold(1, hold);
    bank.do(hold);
    expect(bank.do(capture)).toMatchObject({
      kind: 'applied',
      entries: [
        {
          writeId: capture.id,
          change: { kind: 'posting', amount: 60n, capture: { hold: hold.id, held: 60n }, debitBalance: 40n },
        },
      ],
    });
    expect(bank.account(ann)).toMatchObject({ postedDebits: 60n, heldDebits: 0n });
    expect(bank.account(bob)).toMatchObject({ postedCredits: 60n, heldCredits: 0n });
    expect(bank.hold(1, hold.id)).toMatchObject({
      ...{ status: 'captured', captured: 60n, resolvedBy: capture.id },
    });
  });

  it('of a part posts that, and the same entry frees the rest (R3)', () => {
    const hold = placeHold(ann, bob, 60n);
    bank.do(hold);
    expect(bank.do(captureHold(1, hold, 1n))).toMatchObject({
      entries: [{ change: { amount: 1n, capture: { held: 60n } } }],
    });
    expect(bank.account(ann)).toMatchObject({ postedDebits: 1n, heldDebits: 0n });
    expect(bank.hold(1, hold.id)).toMatchObject({ status: 'captured', captured: 1n });
    expect(answer(bank.do(withdraw(ann, 99n)))).toBe('applied');
  });

  it('of a unit too much is refused, and the hold stays open', () => {
    const hold = placeHold(ann, eve, 60n);
    bank.do(hold);
    expect(answer(bank.do(captureHold(2, hold, 61n)))).toEqual({
      ...{ reason: 'CAPTURE_EXCEEDS_HOLD', hold: hold.id, held: '60', needed: '61', currency: 'USD' },
    });
    expect(answer(bank.do(captureHold(2, hold, 60n)))).toBe('applied');
  });

  it.each([1, 2])('between branches posts in both at one time, through branch %i (R7, R8)', (branch) => {
    const hold = placeHold(ann, eve, 60n);
    const capture = captureHold(branch, hold, 25n);
    bank.do(hold);
    bank.do(transfer(ann, bob, 1n), 90_000);
    const outcome = bank.do(capture, 80_000);
    const entries = outcome.kind === 'applied' ? outcome.entries : [];
    expect(entries.map((entry) => [entry.branch, entry.timeMicros, entry.writeId, entry.body])).toEqual([
      [1, 90_001, capture.id, entries[0]!.body],
      [2, 90_001, capture.id, entries[0]!.body],
    ]);
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([74n, 25n]);
    expect([bank.balance(interbranchOf(1, 2)), bank.balance(interbranchOf(2, 1))]).toEqual([25n, -25n]);
    for (const each of [1, 2]) {
      expect(bank.hold(each, hold.id)).toMatchObject({ status: 'captured', captured: 25n });
    }
  });

  it('does not look at limits again, since the hold has reserved it (R4)', () => {
    const hold = placeHold(ann, bob, 150n);
    bank.doAll([setOverdraftLimit(ann, 50n), hold, setOverdraftLimit(ann, 0n)]);
    expect(answer(bank.do(captureHold(1, hold)))).toBe('applied');
    expect(bank.balance(ann)).toBe(-50n);
  });

  it('of a frozen payer, or for a frozen payee, goes through (R10)', () => {
    const [out, back] = [placeHold(ann, eve, 60n), placeHold(ann, bob, 10n)];
    bank.doAll([out, back, freezeAccount(ann), freezeAccount(eve)]);
    expect(bank.doAll([captureHold(1, out), captureHold(1, back, 1n)]).map(answer)).toEqual([
      'applied',
      'applied',
    ]);
  });

  it.each([bob, eve])('for a closed payee is refused; the hold can be released (R10)', (payee) => {
    const hold = placeHold(ann, payee, 60n);
    bank.doAll([hold, closeAccount(payee)]);
    expect(answer(bank.do(captureHold(1, hold)))).toEqual({
      ...{ reason: 'ACCOUNT_CLOSED', account: formatAccountId(payee) },
    });
    expect(answer(bank.do(releaseHold(payee.branch, hold)))).toBe('applied');
    expect(bank.account(ann)).toMatchObject({ heldDebits: 0n });
    expect(bank.account(payee)).toMatchObject({ heldCredits: 0n });
  });
});

describe('a release', () => {
  it.each([1, 2])('frees the whole in every branch, through branch %i (R3, R7)', (branch) => {
    const [hold, other] = [placeHold(ann, eve, 60n), placeHold(ann, eve, 5n)];
    const release = releaseHold(branch, hold);
    bank.doAll([hold, other]);
    expect(bank.do(release)).toMatchObject({
      entries: [
        { branch: 1, change: { kind: 'holdReleased', hold: hold.id, amount: 60n } },
        { branch: 2, change: { kind: 'holdReleased', hold: hold.id, amount: 60n } },
      ],
    });
    expect(bank.account(ann)).toMatchObject({ heldDebits: 5n });
    expect(bank.account(eve)).toMatchObject({ heldCredits: 5n, postedCredits: 0n });
    expect(bank.account(interbranchOf(2, 1))).toMatchObject({ heldDebits: 5n });
    expect(bank.hold(2, hold.id)).toMatchObject({ status: 'released', resolvedBy: release.id });
  });

  it('of a frozen account goes through (R10)', () => {
    const hold = placeHold(ann, bob, 60n);
    bank.doAll([hold, freezeAccount(ann)]);
    expect(answer(bank.do(releaseHold(1, hold)))).toBe('applied');
  });
});

describe('a hold is resolved once', () => {
  const endings = {
    HOLD_CAPTURED: captureHold,
    HOLD_RELEASED: releaseHold,
  } as const;
  const attempts = [captureHold, releaseHold];

  it.each(Object.entries(endings))('afterwards it is %s, by whom is said (R5)', (reason, end) => {
    const hold = placeHold(ann, eve, 60n);
    const first = end(1, hold);
    bank.doAll([hold, first]);
    for (const attempt of attempts) {
      for (const branch of [1, 2]) {
        const second = attempt(branch, hold);
        const refused = bank.do(second);
        expect(answer(refused)).toEqual({ reason, hold: hold.id, by: first.id });
        expect(bank.do(second)).toEqual({ ...refused, replayed: true });
      }
    }
    expect(bank.do(first)).toMatchObject({ kind: 'applied', replayed: true });
  });

  it('also within one batch, in the order in which it is asked for (R5)', () => {
    const hold = placeHold(ann, eve, 60n);
    const [early, one, two] = [captureHold(2, hold), captureHold(2, hold, 20n), releaseHold(1, hold)];
    expect(bank.doAll([early, hold, one, two, hold]).map(answer)).toEqual([
      { reason: 'HOLD_NOT_FOUND', branch: '2', hold: hold.id },
      'applied',
      'applied',
      { reason: 'HOLD_CAPTURED', hold: hold.id, by: one.id },
      'applied',
    ]);
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([80n, 20n]);
  });

  it('and of a hold that there is not, the branch that was asked says so, and it alone (R5)', () => {
    const [moved, refused] = [transfer(ann, eve, 1n), placeHold(ann, eve, 500n)];
    bank.doAll([moved, refused]);
    for (const hold of [moved, refused, placeHold(ann, eve, 1n)]) {
      for (const attempt of attempts) {
        const command = attempt(2, hold);
        expect(answer(bank.do(command))).toEqual({ reason: 'HOLD_NOT_FOUND', branch: '2', hold: hold.id });
        expect(bank.entries.filter(({ writeId }) => writeId === command.id)).toMatchObject([{ branch: 2 }]);
      }
    }
    const elsewhere = placeHold(ann, bob, 1n);
    bank.do(elsewhere);
    expect(answer(bank.do(captureHold(2, elsewhere)))).toMatchObject({ reason: 'HOLD_NOT_FOUND' });
  });

  it('and who asked too early gets the same answer when the hold is there (R5)', () => {
    const hold = placeHold(ann, eve, 60n);
    const early = captureHold(2, hold);
    const first = bank.do(early);
    bank.do(hold);
    expect(bank.do(early)).toEqual({ ...first, replayed: true });
    // Even if somebody has used the id in the other branch meanwhile.
    bank.do(deposit(ann, 1n, { id: early.id }));
    expect(bank.do(early)).toEqual({ ...first, replayed: true });
  });

  it('whole: where it is, not where another write of its id would have been (R7)', () => {
    const [used, wanted] = [deposit(eve, 1n), placeHold(ann, eve, 60n)];
    const zoe = { branch: 3, serial: 1 };
    const max = { branch: 3, serial: 2 };
    bank.doAll([used, initializeBranch(3, 0n), openAccount(3, 'zoe'), openAccount(3, 'max')]);
    const taken = { ...wanted, id: used.id };
    const applied = placeHold(ann, zoe, 50n, { id: used.id });
    const preconditions = [{ account: max, balanceAtMost: 0n }];
    const capture = captureHold(1, applied, undefined, { preconditions });
    expect(bank.doAll([taken, applied, capture]).map(answer)).toEqual([
      { reason: 'ID_REUSED', id: used.id, field: 'kind' },
      'applied',
      'applied',
    ]);
    expect([bank.balance(ann), bank.balance(zoe), bank.balance(eve)]).toEqual([50n, 50n, 1n]);
    expect(bank.entries.filter(({ writeId }) => writeId === capture.id).map(({ branch }) => branch)).toEqual([
      1, 3,
    ]);
  });
});
