import { internalSerial, newWriteId } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import {
  addCash,
  captureHold,
  closeAccount,
  closeBranch,
  deposit,
  freezeAccount,
  initializeBranch,
  openAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
  seedDeposit,
  setOverdraftLimit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

const income = { branch: 1, serial: internalSerial({ kind: 'income', currency: 'USD' }) };
const capital = { branch: 1, serial: internalSerial({ kind: 'capital', currency: 'USD' }) };

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

/** Posted surpluses, which a transfer and its reversal leave as they were. */
function surpluses(): (bigint | undefined)[] {
  const accounts = [ann, bob, eve, vaultOf(1), vaultOf(2), capital, income, interbranchOf(1, 2)];
  return accounts.map((ref) => bank.balance(ref));
}

describe('a reversal', () => {
  const hold = placeHold(ann, eve, 50n);
  const originals: readonly [string, Command, Command[]][] = [
    ['a deposit', deposit(ann, 7n), []],
    ['a withdrawal', withdraw(ann, 7n), []],
    ['a transfer', transfer(ann, bob, 7n), []],
    ['a transfer between branches', transfer(ann, eve, 7n), []],
    ["an operator's transfer", operatorTransfer(ann, income, 7n), []],
    ["an operator's transfer from the bank", operatorTransfer(income, ann, 7n), []],
    ['a capture, of what it captured', captureHold(2, hold, 7n), [hold]],
    ['cash added', addCash(1, 7n), []],
    ['cash removed', removeCash(1, 7n), []],
    ["a deposit through the seed's interface", seedDeposit(1, 7n), []],
  ];

  it.each(originals)('moves the money of %s back, and points at it (R8)', (_what, original, before) => {
    bank.doAll(before);
    const balances = surpluses();
    expect(answer(bank.do(original))).toBe('applied');
    const reversal = reverseTransfer(1, original);
    const outcome = bank.do(reversal);
    expect(answer(outcome)).toBe('applied');
    expect(surpluses()).toEqual(balances);
    const postings = outcome.kind === 'applied' ? outcome.entries : [];
    for (const { change } of postings) {
      expect(change).toMatchObject({ kind: 'posting', amount: 7n, reversalOf: original.id });
      expect(change).toHaveProperty('capture', undefined);
    }
    expect(new Set(postings.map(({ branch }) => branch))).toEqual(
      new Set(bank.entries.filter(({ writeId }) => writeId === original.id).map(({ branch }) => branch)),
    );
  });

  it.each(originals)('of %s is made once (R8)', (_what, original, before) => {
    bank.doAll([...before, original]);
    const first = reverseTransfer(1, original);
    bank.do(first);
    const second = reverseTransfer(1, original);
    const refused = bank.do(second);
    expect(answer(refused)).toEqual({ reason: 'ALREADY_REVERSED', original: original.id, by: first.id });
    expect(bank.do(second)).toEqual({ ...refused, replayed: true });
    expect(bank.do(first)).toMatchObject({ kind: 'applied', replayed: true });
  });

  it.each(originals)('of %s is not reversed itself (R8)', (_what, original, before) => {
    const reversal = reverseTransfer(1, original);
    bank.doAll([...before, original, reversal]);
    expect(answer(bank.do(reverseTransfer(1, reversal)))).toMatchObject({
      ...{ reason: 'NOT_REVERSIBLE', original: reversal.id },
    });
    expect(answer(bank.do(reverseGroup(1, reversal)))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it('is found through either branch, and made once through both (R7, R8)', () => {
    const original = transfer(ann, eve, 7n);
    bank.do(original);
    const [here, there] = [reverseTransfer(1, original), reverseTransfer(2, original)];
    expect(bank.doAll([there, here]).map(answer)).toEqual([
      'applied',
      { reason: 'ALREADY_REVERSED', original: original.id, by: there.id },
    ]);
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([100n, 0n]);
    const times = bank.entries
      .filter(({ writeId }) => writeId === there.id)
      .map(({ timeMicros }) => timeMicros);
    expect([times.length, new Set(times).size]).toEqual([2, 1]);
  });

  it('finds its original in the same batch, and not one that comes later', () => {
    const original = transfer(ann, eve, 7n);
    const [early, late] = [reverseTransfer(2, original), reverseTransfer(2, original)];
    expect(bank.doAll([early, original, late]).map(answer)).toEqual([
      { reason: 'ORIGINAL_NOT_FOUND', branch: '2', original: original.id },
      'applied',
      'applied',
    ]);
    expect(bank.do(early)).toMatchObject({ refusal: { reason: 'ORIGINAL_NOT_FOUND' }, replayed: true });
  });

  it('of what there is not, or was refused, is kept where it was asked for and nowhere else (R5)', () => {
    const refused = transfer(ann, eve, 5_000n);
    const elsewhere = deposit(ann, 1n);
    bank.doAll([refused, elsewhere]);
    for (const original of [refused, elsewhere, { id: newWriteId() }]) {
      for (const command of [reverseTransfer(2, original), reverseGroup(2, original)]) {
        expect(answer(bank.do(command))).toEqual({
          ...{ reason: 'ORIGINAL_NOT_FOUND', branch: '2', original: original.id },
        });
        expect(bank.entries.filter(({ writeId }) => writeId === command.id)).toMatchObject([{ branch: 2 }]);
      }
    }
  });

  const [opening, branch, state] = [openAccount(1, 'zoe'), initializeBranch(3, 5n), freezeAccount(bob)];
  const placed = placeHold(ann, bob, 1n);
  it.each<[string, number, Command, Command[]]>([
    ['an account opened', 1, opening, []],
    ['a branch opened', 3, branch, []],
    ['a change of state', 1, state, []],
    ['a hold', 1, placed, []],
    ['a release', 1, releaseHold(1, placed), [placed]],
    ['a limit', 1, setOverdraftLimit(bob, 5n), []],
  ])('is not made of %s (R8)', (_what, at, original, before) => {
    bank.doAll([...before, original]);
    expect(answer(bank.do(reverseTransfer(at, original)))).toMatchObject({
      ...{ reason: 'NOT_REVERSIBLE', original: original.id },
    });
  });
});

describe('a reversal is subject to the limits of any transfer', () => {
  it('such as what the payee has left (R4)', () => {
    const original = transfer(ann, eve, 60n);
    bank.doAll([original, transfer(eve, bob, 1n)]);
    expect(answer(bank.do(reverseTransfer(1, original)))).toEqual({
      ...{ reason: 'INSUFFICIENT_FUNDS', account: '2-1-92', available: '59', needed: '60', currency: 'USD' },
    });
    bank.do(transfer(bob, eve, 1n));
    expect(answer(bank.do(reverseTransfer(1, original)))).toBe('applied');
  });

  it('such as the cash in the vault, for a deposit and for cash added (R3)', () => {
    const [paid, added] = [deposit(bob, 50n), addCash(1, 30n)];
    bank.doAll([paid, added, withdraw(ann, 100n), setOverdraftLimit(ann, 80n), withdraw(ann, 80n)]);
    expect(bank.balance(vaultOf(1))).toBe(0n);
    for (const original of [paid, added]) {
      expect(answer(bank.do(reverseTransfer(1, original)))).toMatchObject({
        ...{ reason: 'INSUFFICIENT_CASH', branch: '1', available: '0' },
      });
    }
  });

  it('such as the states of the accounts, the payee being debited now (R10)', () => {
    const [one, two] = [transfer(ann, bob, 10n), transfer(ann, eve, 20n)];
    bank.doAll([one, two, freezeAccount(ann), freezeAccount(bob)]);
    expect(answer(bank.do(reverseTransfer(1, one)))).toEqual({
      ...{ reason: 'ACCOUNT_FROZEN', account: '1-2-42' },
    });
    expect(answer(bank.do(reverseTransfer(1, two)))).toBe('applied');
  });

  it('such as accounts that have been closed on either side (R10)', () => {
    const [out, back] = [transfer(ann, bob, 100n), transfer(bob, eve, 100n)];
    bank.doAll([out, back, closeAccount(ann), closeAccount(bob)]);
    expect(answer(bank.do(reverseTransfer(1, back)))).toEqual({
      ...{ reason: 'ACCOUNT_CLOSED', account: '1-2-42' },
    });
    expect(answer(bank.do(reverseTransfer(1, out)))).toMatchObject({ reason: 'ACCOUNT_CLOSED' });
  });

  it('such as a branch that has been closed (R10)', () => {
    const max = { branch: 3, serial: 1 };
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'max')]);
    const [there, back] = [transfer(ann, max, 10n), transfer(max, ann, 10n)];
    bank.doAll([there, back, closeAccount(max), closeBranch(3)]);
    expect(answer(bank.do(reverseTransfer(1, there)))).toEqual({ reason: 'BRANCH_CLOSED', branch: '3' });
  });
});
