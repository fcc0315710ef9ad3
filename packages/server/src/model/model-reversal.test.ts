import { beforeEach, describe, expect, it } from 'vitest';
import { deposit, openAccount, seedDeposit, transfer, withdraw } from '../ledger/commands.fixture.js';
import {
  addCash,
  captureHold,
  freezeAccount,
  group,
  placeHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
} from './model-commands.fixture.js';
import { internalRef } from './model-movement.fixture.js';
import { ann, bob, eve, WorkedExample } from './worked-example.fixture.js';

let example: WorkedExample;

beforeEach(() => {
  example = new WorkedExample();
});

describe('a group', () => {
  it('applies in order, a header first in each of its branches (R6)', () => {
    const [first, second] = [transfer(ann, eve, 100n), transfer(eve, bob, 70n)];
    const both = group(first, second);
    example.apply(both);
    expect(example.balances(ann, bob, eve)).toEqual([0n, 70n, 30n]);
    expect(example.kinds(1, both.id)).toEqual(['groupOpened']);
    expect(
      example.bank.books.journal(2).map(({ change, group: place }) => [change.kind, place?.index]),
    ).toEqual([
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
    expect(example.bank.books.journal(2).find(({ writeId }) => writeId === both.id)).toMatchObject({
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
    expect(example.answer(all)).toEqual(refusal);
    expect([example.kinds(1, all.id), example.kinds(2, all.id)]).toEqual([['refusal'], ['refusal']]);
    expect(example.balances(ann, bob, eve)).toEqual([100n, 0n, 0n]);
    expect(example.answer(all)).toEqual(refusal);
    example.apply(first, third);
  });

  it('refused for a branch that there is not leaves no trace (R5)', () => {
    const all = group(deposit(ann, 1n), deposit({ branch: 8, serial: 1 }, 1n));
    expect(example.answer(all)).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '8', member: '1' });
    expect(example.kinds(1, all.id)).toEqual([]);
  });

  it('can capture what it holds', () => {
    const hold = placeHold(ann, eve, 30n);
    example.apply(group(hold, captureHold(1, hold.id, 10n)));
    expect(example.balances(ann, eve)).toEqual([90n, 10n]);
  });

  it('is reversed whole, from its end, and once (R8)', () => {
    const [first, second] = [transfer(ann, bob, 100n), transfer(bob, eve, 70n)];
    const both = group(first, second);
    example.apply(both);
    expect(example.answer(reverseTransfer(1, first.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    expect(example.answer(reverseTransfer(1, both.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    const reversal = reverseGroup(2, both.id);
    example.apply(reversal);
    expect(example.balances(ann, bob, eve)).toEqual([100n, 0n, 0n]);
    expect(example.bank.books.postings(1).map(({ reversalOf }) => reversalOf)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...[second.id, first.id],
    ]);
    expect(example.answer(reverseGroup(1, both.id))).toEqual({
      reason: 'ALREADY_REVERSED',
      ...{ original: both.id, by: reversal.id },
    });
    expect(example.answer(reverseGroup(1, reversal.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it('with a hold in it is not reversed', () => {
    const all = group(placeHold(ann, bob, 1n));
    example.apply(all);
    expect(example.answer(reverseGroup(1, all.id))).toMatchObject({
      reason: 'NOT_REVERSIBLE',
      original: all.id,
    });
  });
});

describe('a reversal', () => {
  it('mirrors both legs, points at the original, and comes once (R7, R8)', () => {
    const original = transfer(ann, eve, 30n);
    const reversal = reverseTransfer(2, original.id);
    example.apply(original, reversal);
    expect(example.balances(ann, eve, internalRef(1, 'interbranch', 'USD', 2))).toEqual([100n, 0n, 0n]);
    expect(example.bank.books.journal(2).at(-1)).toMatchObject({
      change: {
        ...{ debit: 1, credit: internalRef(2, 'interbranch', 'USD', 1).serial, amount: 30n },
        ...{ counterparty: ann, reversalOf: original.id },
      },
    });
    expect(example.answer(reverseTransfer(1, original.id))).toEqual({
      reason: 'ALREADY_REVERSED',
      ...{ original: original.id, by: reversal.id },
    });
    expect(example.answer(reverseTransfer(1, reversal.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it('needs what it takes back (R3, R4, R10)', () => {
    const original = transfer(ann, eve, 30n);
    example.apply(original, transfer(eve, bob, 1n));
    expect(example.answer(reverseTransfer(1, original.id))).toMatchObject({
      ...{ reason: 'INSUFFICIENT_FUNDS', account: '2-1-92', available: '29', needed: '30' },
    });
    example.apply(transfer(bob, eve, 1n), freezeAccount(eve));
    expect(example.answer(reverseTransfer(1, original.id))).toMatchObject({ reason: 'ACCOUNT_FROZEN' });
  });

  it('of what is no transfer, or is not known, is refused', () => {
    const [opening, refused] = [openAccount(1, 'zoe'), withdraw(ann, 500n)];
    example.apply(opening);
    example.answer(refused);
    expect(example.answer(reverseTransfer(1, opening.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    for (const original of [refused.id, 'nothing']) {
      expect(example.answer(reverseTransfer(1, original))).toEqual({
        reason: 'ORIGINAL_NOT_FOUND',
        ...{ branch: '1', original },
      });
    }
    expect(example.answer(reverseGroup(1, opening.id))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it.each([
    ['a deposit', deposit(ann, 7n), [100n, 600n]],
    ['a withdrawal', withdraw(ann, 7n), [100n, 600n]],
    ['cash brought', addCash(1, 7n), [100n, 600n]],
    ['cash taken', removeCash(1, 7n), [100n, 600n]],
  ])('takes back %s', (_what, original, expected) => {
    example.apply(original, reverseTransfer(1, original.id));
    expect(example.balances(ann, internalRef(1, 'vault', 'USD'))).toEqual(expected);
  });

  it("takes back a capture, of the part captured, and the seed's deposits", () => {
    const hold = placeHold(ann, eve, 60n);
    const capture = captureHold(1, hold.id, 25n);
    const seed = seedDeposit(1, 9n);
    example.apply(hold, capture, seed, reverseTransfer(2, capture.id), reverseTransfer(1, seed.id));
    expect(example.amounts(ann)).toEqual([100n, 0n, 100n]);
    expect(example.balances(eve, { branch: 1, serial: 3 })).toEqual([0n, 0n]);
  });
});
