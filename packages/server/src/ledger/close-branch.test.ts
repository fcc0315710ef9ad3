import { internalSerial } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  abandon,
  addCash,
  captureHold,
  closeAccount,
  closeBranch,
  deposit,
  freezeAccount,
  group,
  initializeBranch,
  openAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  reverseTransfer,
  seedDeposit,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, type MemoryBank } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('a branch closes', () => {
  it('when its vault is empty, its interbranch accounts are settled and its accounts closed (R10)', () => {
    bank.doAll([transfer(ann, eve, 100n), transfer(eve, ann, 100n), withdraw(ann, 100n)]);
    bank.doAll([closeAccount(ann), closeAccount(bob)]);
    const outcome = bank.do(closeBranch(1));
    expect(outcome).toMatchObject({ entries: [{ branch: 1, change: { kind: 'branchClosed' } }] });
    expect(bank.branches.get(1)).toMatchObject({ closed: true, openAccounts: 0 });
  });

  it.each([0n, 500n])('whatever it has had of cash, its capital, income and exchange: %i', (cash) => {
    const ref = (kind: 'income' | 'exchange') => ({
      ...{ branch: 5, serial: internalSerial({ kind, currency: 'USD' }) },
    });
    bank.do(initializeBranch(5, cash));
    bank.do(operatorTransfer(ref('exchange'), ref('income'), 7n));
    if (cash > 0n) bank.do(removeCash(5, cash));
    expect(answer(bank.do(closeBranch(5)))).toBe('applied');
  });

  it('never twice, nor where there is none', () => {
    bank.doAll([initializeBranch(5, 0n), closeBranch(5)]);
    expect(answer(bank.do(closeBranch(5)))).toEqual({ reason: 'BRANCH_CLOSED', branch: '5' });
    expect(answer(bank.do(closeBranch(8)))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '8' });
  });

  it('and the close is replayed (R5)', () => {
    const close = closeBranch(5);
    bank.do(initializeBranch(5, 0n));
    const first = bank.do(close);
    expect(bank.do(close)).toEqual({ ...first, replayed: true });
  });
});

describe('a branch does not close', () => {
  const emptied = () => bank.doAll([withdraw(ann, 100n), closeAccount(ann), closeAccount(bob)]);

  it.each([
    ['a customer has an account', [], "close the customers' accounts that are not closed: 1"],
    ['it is frozen', [freezeAccount(bob)], "close the customers' accounts that are not closed: 1"],
  ])('while %s (R10)', (_what, before, problem) => {
    bank.doAll([withdraw(ann, 100n), closeAccount(ann), ...before]);
    expect(answer(bank.do(closeBranch(1)))).toEqual({ reason: 'BRANCH_NOT_EMPTY', branch: '1', problem });
  });

  it.each(['USD', 'EUR'])('while there is cash in its vault, in whatever currency: %s (R10)', (currency) => {
    emptied();
    bank.do(addCash(1, 1n, { currency }));
    expect(answer(bank.do(closeBranch(1)))).toMatchObject({
      ...{ reason: 'BRANCH_NOT_EMPTY', problem: expect.stringMatching(/^empty the vault 1-4/) as unknown },
    });
    bank.do(removeCash(1, 1n, { currency }));
    expect(answer(bank.do(closeBranch(1)))).toBe('applied');
  });

  it.each([1, 2])('while one branch owes the other, be it %i (R10)', (branch) => {
    bank.doAll([transfer(ann, eve, 100n), closeAccount(ann), closeAccount(bob)]);
    bank.doAll([addCash(2, 100n), withdraw(eve, 100n), closeAccount(eve), removeCash(1, 100n)]);
    const refused = answer(bank.do(closeBranch(branch)));
    expect(refused).toMatchObject({
      problem: expect.stringMatching(/^settle the interbranch account/) as unknown,
    });
  });

  it('while something is held on an interbranch account (R10)', () => {
    bank.doAll([deposit(eve, 10n)]);
    const hold = placeHold(eve, bob, 5n, { expiresInMs: 100 });
    bank.do(hold, 10_000);
    emptied();
    expect(answer(bank.do(closeBranch(1), 20_000))).toMatchObject({
      problem: expect.stringMatching(/^resolve the holds on the interbranch account/) as unknown,
    });
    expect(answer(bank.do(closeBranch(1), 200_000))).toBe('applied');
    expect(bank.hold(1, hold.id)).toMatchObject({ status: 'expired' });
  });

  it('and the refusal stays, though it could close now (R5)', () => {
    bank.doAll([initializeBranch(5, 1n)]);
    const close = closeBranch(5);
    const first = bank.do(close);
    bank.do(removeCash(5, 1n));
    expect(bank.do(close)).toEqual({ ...first, replayed: true });
    expect(answer(bank.do(closeBranch(5)))).toBe('applied');
  });
});

describe('a closed branch', () => {
  const max = { branch: 5, serial: 1 };
  const early = deposit(max, 5n);

  beforeEach(() => {
    bank.doAll([initializeBranch(5, 0n), openAccount(5, 'max'), early, withdraw(max, 5n)]);
    bank.doAll([closeAccount(max), closeBranch(5)]);
  });

  it.each([
    openAccount(5, 'zoe'),
    deposit(max, 1n),
    withdraw(max, 1n),
    transfer(ann, max, 1n),
    transfer(max, ann, 1n),
    placeHold(ann, max, 1n),
    addCash(5, 1n),
    removeCash(5, 1n),
    freezeAccount(max),
    captureHold(5, { id: early.id }),
    releaseHold(5, { id: early.id }),
    reverseTransfer(5, early),
    seedDeposit(5, 1n),
  ])('takes nothing any more: $kind (R10)', (command) => {
    const refused = bank.do(command);
    expect(answer(refused)).toEqual({ reason: 'BRANCH_CLOSED', branch: '5' });
    expect(bank.balance(ann)).toBe(100n);
    expect(bank.do(command)).toEqual({ ...refused, replayed: true });
  });

  it('spoils a group that touches it (R6)', () => {
    expect(answer(bank.do(group([transfer(ann, bob, 1n), transfer(ann, max, 1n)])))).toEqual({
      ...{ reason: 'BRANCH_CLOSED', branch: '5', member: '1' },
    });
    expect(bank.balance(bob)).toBe(0n);
  });

  it('is not opened again (R10)', () => {
    expect(answer(bank.do(initializeBranch(5, 1n)))).toEqual({ reason: 'BRANCH_EXISTS', branch: '5' });
  });

  it('still answers what was written before, and abandons what was not (R5, R13)', () => {
    expect(bank.do(early)).toMatchObject({ kind: 'applied', replayed: true });
    expect(bank.do(abandon(5, early))).toMatchObject({ kind: 'applied', replayed: true });
    expect(answer(bank.do(abandon(5, deposit(max, 1n))))).toMatchObject({ reason: 'ABANDONED' });
  });
});
