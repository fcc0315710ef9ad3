import { internalSerial } from '@giro/sdk/protocol';
import { newWriteId } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import {
  captureHold,
  closeAccount,
  closeBranch,
  deposit,
  group,
  initializeBranch,
  openAccount,
  placeHold,
  releaseHold,
  reverseGroup,
  reverseTransfer,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { groupReceiptOf } from './receipt.js';
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

describe('a group is reversed', () => {
  const members = () => [transfer(ann, bob, 60n), transfer(bob, eve, 60n), deposit(eve, 5n)];

  it('whole: a group of its own, whose members go back from the last to the first (R6, R8)', () => {
    const original = group(members());
    const balances = surpluses();
    bank.do(original);
    const reversal = reverseGroup(2, original);
    const outcome = bank.do(reversal);
    expect(answer(outcome)).toBe('applied');
    expect(surpluses()).toEqual(balances);
    const entries = outcome.kind === 'applied' ? outcome.entries : [];
    expect(entries.filter(({ change }) => change.kind === 'groupOpened').map(({ change }) => change)).toEqual(
      [1, 2].map(() => ({
        ...{ kind: 'groupOpened', members: 3, branches: [1, 2], reversalOf: original.id },
      })),
    );
    const postings = entries.filter(({ change }) => change.kind === 'posting');
    expect(
      postings.map(({ group: place, change }) => [
        place?.index,
        change.kind === 'posting' && change.reversalOf,
      ]),
    ).toEqual([
      [0, original.members[2]!.id],
      [1, original.members[1]!.id],
      [1, original.members[1]!.id],
      [2, original.members[0]!.id],
    ]);
  });

  it('and replayed, with the same ids of its members (R5)', () => {
    const original = group(members());
    const reversal = reverseGroup(1, original);
    bank.do(original);
    const first = bank.do(reversal);
    bank.do(deposit(ann, 1n));
    const again = bank.do(reversal);
    if (first.kind === 'refused' || again.kind === 'refused') throw new Error('refused');
    expect(groupReceiptOf(again.entries)).toEqual(groupReceiptOf(first.entries));
    const ids = groupReceiptOf(first.entries).members.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  });

  it.each([1, 2])('once, through whichever branch: %i (R8)', (branch) => {
    const original = group(members());
    const first = reverseGroup(1, original);
    bank.doAll([original, first]);
    expect(answer(bank.do(reverseGroup(branch, original)))).toEqual({
      ...{ reason: 'ALREADY_REVERSED', original: original.id, by: first.id },
    });
  });

  it('and the reversal is not, nor any member of it or of the original (R8)', () => {
    const original = group(members());
    const reversal = reverseGroup(1, original);
    bank.do(original);
    const problem = `it is a member of group ${original.id}`;
    for (const { id } of original.members) {
      const at = id === original.members[2]!.id ? 2 : 1;
      expect(answer(bank.do(reverseTransfer(at, { id })))).toEqual({
        ...{ reason: 'NOT_REVERSIBLE', original: id, problem },
      });
    }
    const outcome = bank.do(reversal);
    expect(answer(bank.do(reverseGroup(2, reversal)))).toEqual({
      ...{ reason: 'NOT_REVERSIBLE', original: reversal.id, problem: 'it is a reversal itself' },
    });
    const entries = outcome.kind === 'applied' ? outcome.entries : [];
    for (const { writeId: id, branch } of entries) {
      expect(answer(bank.do(reverseTransfer(branch, { id })))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
      expect(answer(bank.do(reverseGroup(branch, { id })))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    }
  });

  it('in the batch that applied it, too', () => {
    const original = group(members());
    expect(bank.doAll([original, reverseGroup(2, original)]).map(answer)).toEqual(['applied', 'applied']);
    expect([bank.balance(ann), bank.balance(bob), bank.balance(eve)]).toEqual([100n, 0n, 0n]);
  });

  it('or not at all, if a member cannot go back: it says which (R6)', () => {
    const original = group(members());
    bank.doAll([original, withdraw(eve, 5n), transfer(eve, bob, 1n)]);
    bank.do(deposit(eve, 5n));
    const before = surpluses();
    const reversal = reverseGroup(1, original);
    const refused = bank.do(reversal);
    expect(answer(refused)).toMatchObject({
      ...{ reason: 'INSUFFICIENT_FUNDS', account: '2-1-92', available: '59', member: '1' },
    });
    expect(surpluses()).toEqual(before);
    expect(bank.do(reversal)).toEqual({ ...refused, replayed: true });
    bank.do(transfer(bob, eve, 1n));
    expect(answer(bank.do(reverseGroup(1, original)))).toBe('applied');
  });

  const held = placeHold(ann, bob, 5n);
  it.each<[string, Command[], Parameters<typeof group>[0]]>([
    ['a hold', [], [transfer(ann, bob, 1n), placeHold(ann, bob, 1n)]],
    ['a capture', [held], [transfer(ann, bob, 1n), captureHold(1, held)]],
    ['a release', [held], [releaseHold(1, held)]],
  ])('not if a member is %s (R8)', (_what, before, kinds) => {
    const original = group(kinds);
    bank.doAll([...before, original]);
    expect(answer(bank.do(reverseGroup(1, original)))).toMatchObject({
      ...{ reason: 'NOT_REVERSIBLE', original: original.id },
    });
  });

  it('as a group, and by nothing else; and nothing else is reversed as a group (R8)', () => {
    const [original, single] = [group(members()), transfer(ann, bob, 1n)];
    bank.doAll([original, single]);
    expect(answer(bank.do(reverseTransfer(1, original)))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
    expect(answer(bank.do(reverseGroup(1, single)))).toMatchObject({ reason: 'NOT_REVERSIBLE' });
  });

  it('not where there is no branch, nor any more: the branches are looked for first (R10)', () => {
    expect(answer(bank.do(reverseGroup(8, { id: newWriteId() })))).toEqual({
      ...{ reason: 'BRANCH_NOT_FOUND', branch: '8' },
    });
    const max = { branch: 3, serial: 1 };
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'max')]);
    const original = group([transfer(ann, max, 10n), transfer(max, ann, 10n)]);
    bank.doAll([original, closeAccount(max), closeBranch(3)]);
    const reversal = reverseGroup(1, original);
    const refused = bank.do(reversal);
    expect(answer(refused)).toEqual({ reason: 'BRANCH_CLOSED', branch: '3' });
    expect(bank.do(reversal)).toEqual({ ...refused, replayed: true });
  });

  it('of many members over and over the same accounts', () => {
    const original = group(
      Array.from({ length: 200 }, (_, index) =>
        index % 2 === 0 ? transfer(ann, eve, 1n) : transfer(eve, bob, 1n),
      ),
    );
    bank.doAll([original, reverseGroup(1, original)]);
    expect([bank.balance(ann), bank.balance(bob), bank.balance(eve)]).toEqual([100n, 0n, 0n]);
  });
});
