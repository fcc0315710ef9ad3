import { GROUP_MEMBERS_MAX, internalSerial, newWriteId, type AccountRef } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Member } from './command.js';
import {
  captureHold,
  closeBranch,
  deposit,
  group,
  initializeBranch,
  openAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { groupReceiptOf } from './receipt.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

function exchangeOf(branch: number, currency: string): AccountRef {
  return { branch, serial: internalSerial({ kind: 'exchange', currency }) };
}

/** What a branch's journal has got since a position. */
function journalAfter(branch: number, position: number) {
  return bank
    .journal(branch)
    .slice(position)
    .map(({ writeId, group: place, change }) => [writeId, place, change.kind]);
}

describe('a group', () => {
  it('applies its members in order, each after those before it (R6)', () => {
    const members = [transfer(ann, bob, 100n), transfer(bob, eve, 100n), transfer(eve, ann, 40n)];
    expect(answer(bank.do(group(members)))).toBe('applied');
    expect([bank.balance(ann), bank.balance(bob), bank.balance(eve)]).toEqual([40n, 0n, 60n]);
  });

  it('begins with a header in each branch, and its members follow under their own ids (R6, R8)', () => {
    const [within, between] = [transfer(ann, bob, 10n), transfer(ann, eve, 5n)];
    const command = group([within, between]);
    const [here, there] = [bank.journal(1).length, bank.journal(2).length];
    const outcome = bank.do(command);
    const [first, second] = [0, 1].map((index) => ({ id: command.id, index }));
    expect(journalAfter(1, here)).toEqual([
      [command.id, undefined, 'groupOpened'],
      [within.id, first, 'posting'],
      [between.id, second, 'accountOpened'],
      [between.id, second, 'posting'],
    ]);
    expect(journalAfter(2, there)).toEqual([
      [command.id, undefined, 'groupOpened'],
      [between.id, second, 'accountOpened'],
      [between.id, second, 'posting'],
    ]);
    for (const branch of [1, 2]) {
      const header = bank.journal(branch).find(({ writeId }) => writeId === command.id);
      expect(header?.change).toEqual({
        ...{ kind: 'groupOpened', members: 2, branches: [1, 2], reversalOf: undefined },
      });
    }
    expect(outcome.kind === 'applied' && outcome.entries.length).toBe(7);
  });

  it('names its branches in order, whatever the order of its members (R6)', () => {
    bank.do(deposit(eve, 5n));
    const command = group([transfer(eve, ann, 5n), deposit(eve, 1n)]);
    const outcome = bank.do(command);
    const headers = outcome.kind === 'applied' ? outcome.entries.slice(0, 2) : [];
    expect(headers.map(({ branch, change }) => [branch, 'branches' in change && change.branches])).toEqual([
      [1, [1, 2]],
      [2, [1, 2]],
    ]);
  });

  it('takes members of every kind', () => {
    const [held, freed] = [placeHold(ann, bob, 10n), placeHold(ann, eve, 20n)];
    bank.doAll([held, freed]);
    const members: Member[] = [
      deposit(ann, 5n),
      withdraw(ann, 1n),
      transfer(ann, eve, 2n),
      operatorTransfer(ann, { branch: 1, serial: internalSerial({ kind: 'income', currency: 'USD' }) }, 3n),
      placeHold(ann, bob, 4n),
      captureHold(1, held, 6n),
      releaseHold(2, freed),
    ];
    expect(answer(bank.do(group(members)))).toBe('applied');
    expect(bank.account(ann)).toMatchObject({ postedCredits: 105n, postedDebits: 12n, heldDebits: 4n });
    expect([bank.balance(bob), bank.balance(eve)]).toEqual([6n, 2n]);
  });

  it('may place a hold and capture it, in the same branch and between two', () => {
    const [one, two] = [placeHold(ann, bob, 10n), placeHold(ann, eve, 20n)];
    const members = [one, two, captureHold(2, two, 15n), captureHold(1, one)];
    expect(answer(bank.do(group(members)))).toBe('applied');
    expect([bank.balance(ann), bank.balance(bob), bank.balance(eve)]).toEqual([75n, 10n, 15n]);
    expect(bank.account(ann)).toMatchObject({ heldDebits: 0n });
  });

  it('exchanges between currencies through the exchange accounts, or not at all (R1, R6)', () => {
    const euros = { branch: 1, serial: 3 };
    bank.do(openAccount(1, 'ann', { currency: 'EUR' }));
    const sell = (amount: bigint) => operatorTransfer(ann, exchangeOf(1, 'USD'), amount);
    const buy = operatorTransfer(exchangeOf(1, 'EUR'), euros, 90n, { currency: 'EUR' });
    expect(answer(bank.do(group([sell(101n), buy])))).toMatchObject({
      ...{ reason: 'INSUFFICIENT_FUNDS', member: '0' },
    });
    expect([bank.balance(euros), bank.balance(exchangeOf(1, 'EUR'))]).toEqual([0n, 0n]);
    expect(answer(bank.do(group([sell(100n), { ...buy, id: newWriteId() }])))).toBe('applied');
    expect([bank.balance(ann), bank.balance(exchangeOf(1, 'USD'))]).toEqual([0n, 100n]);
    expect([bank.balance(euros), bank.balance(exchangeOf(1, 'EUR'))]).toEqual([90n, -90n]);
  });

  it('has as many members as there may be, all or none of them (R6)', () => {
    const members = () =>
      Array.from({ length: GROUP_MEMBERS_MAX }, (_, index) =>
        index % 2 === 0 ? transfer(ann, eve, 1n) : transfer(eve, ann, 1n),
      );
    expect(answer(bank.do(group(members())))).toBe('applied');
    expect(bank.journal(1).filter(({ group: place }) => place !== undefined).length).toBe(1_001);
    const entries = bank.entries.length;
    const spoilt = [...members().slice(1), withdraw(ann, 1_000n)];
    expect(answer(bank.do(group(spoilt)))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', member: '0' });
    const late = [...members().slice(2), withdraw(ann, 1_000n)];
    expect(answer(bank.do(group(late)))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', member: '998' });
    expect(bank.entries.slice(entries).map(({ change }) => change.kind)).toEqual(Array(4).fill('refusal'));
  });

  it('is one receipt with one for each member, in their order', () => {
    const members = [transfer(eve, ann, 1n), deposit(eve, 5n), transfer(ann, bob, 2n)];
    bank.do(deposit(eve, 1n));
    const outcome = bank.do(group(members), 70_000);
    const receipt = groupReceiptOf(outcome.kind === 'applied' ? outcome.entries : []);
    expect(receipt.members.map(({ id, balance }) => [id, balance?.amount])).toEqual([
      [members[0]!.id, 0n],
      [members[1]!.id, 5n],
      [members[2]!.id, 99n],
    ]);
    expect(receipt.timeMicros).toBe(70_000);
    expect(receipt.positions.map(({ branch, position }) => [branch, position])).toEqual([
      [1, bank.branches.get(1)!.position],
      [2, bank.branches.get(2)!.position],
    ]);
  });
});

describe('a group with a member that is refused', () => {
  const refused = (): readonly [string, Member, object][] => [
    ['for want of money', withdraw(ann, 91n), { reason: 'INSUFFICIENT_FUNDS', available: '90' }],
    ['an unknown account', transfer(ann, { branch: 2, serial: 9 }, 1n), { reason: 'ACCOUNT_NOT_FOUND' }],
    ['a hold that there is not', captureHold(2, transfer(ann, bob, 1n)), { reason: 'HOLD_NOT_FOUND' }],
    [
      'a precondition of it',
      deposit(bob, 1n, { preconditions: [{ account: bob, balanceAtMost: 9n }] }),
      { reason: 'PRECONDITION_FAILED', condition: 'balance_at_most', actual: '10' },
    ],
  ];

  it.each(refused())('does nothing, and says which and why: %s (R6)', (_what, member, refusal) => {
    const before = [ann, bob, eve, vaultOf(1)].map((ref) => bank.account(ref));
    const members = [transfer(ann, bob, 10n), member, deposit(eve, 7n)];
    const command = group(members);
    const first = bank.do(command);
    expect(answer(first)).toMatchObject({ ...refusal, member: '1' });
    expect([ann, bob, eve, vaultOf(1)].map((ref) => bank.account(ref))).toEqual(before);
    const kept = bank.entries.filter(({ writeId }) => writeId === command.id);
    expect(kept.map(({ branch, change }) => [branch, change.kind])).toEqual([
      [1, 'refusal'],
      [2, 'refusal'],
    ]);
    bank.doAll([deposit(ann, 500n), withdraw(ann, 1n)]);
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
  });

  it.each(refused())('leaves the ids of its members unused: %s (R5)', (_what, member) => {
    const members = [transfer(ann, bob, 10n), member];
    bank.do(group(members));
    expect(bank.entries.filter(({ writeId }) => members.some(({ id }) => id === writeId))).toEqual([]);
    expect(bank.do(members[0]!)).toMatchObject({ kind: 'applied', replayed: false });
    expect(bank.do(member)).toMatchObject({ replayed: false });
  });

  it('does not open accounts that only it needed (R6)', () => {
    bank.do(group([transfer(ann, eve, 10n), withdraw(ann, 91n)]));
    expect(bank.account(interbranchOf(1, 2))).toBeUndefined();
    expect(bank.account(interbranchOf(2, 1))).toBeUndefined();
  });

  it('does not leave a hold behind, nor resolve one (R6)', () => {
    const [old, fresh] = [placeHold(ann, eve, 10n), placeHold(ann, eve, 20n)];
    bank.do(old);
    bank.do(group([fresh, captureHold(1, old), withdraw(ann, 1_000n)]));
    expect(bank.hold(1, fresh.id)).toBeUndefined();
    expect(bank.hold(1, old.id)).toMatchObject({ status: 'held' });
    expect(bank.account(ann)).toMatchObject({ heldDebits: 10n, postedDebits: 0n });
    expect(answer(bank.do(captureHold(2, fresh)))).toMatchObject({ reason: 'HOLD_NOT_FOUND' });
  });

  it('does not take away what the commands beside it in the batch do (R6)', () => {
    const refusedGroup = group([transfer(ann, bob, 50n), withdraw(ann, 1_000n)]);
    expect(
      bank.doAll([transfer(ann, bob, 30n), refusedGroup, transfer(ann, bob, 70n)]).map(answer),
    ).toMatchObject(['applied', { reason: 'INSUFFICIENT_FUNDS', available: '20' }, 'applied']);
    expect([bank.balance(ann), bank.balance(bob)]).toEqual([0n, 100n]);
  });

  it('has its branches looked for first, and leaves no trace if one is missing (R5)', () => {
    const members = [withdraw(ann, 1_000n), deposit(bob, 1n), transfer(bob, { branch: 8, serial: 1 }, 1n)];
    const command = group(members);
    const entries = bank.entries.length;
    expect(answer(bank.do(command))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '8', member: '2' });
    expect(bank.entries.length).toBe(entries);
    bank.doAll([initializeBranch(8, 0n), openAccount(8, 'zoe'), deposit(ann, 900n)]);
    expect(answer(bank.do(command))).toBe('applied');
  });

  it('has a closed branch looked for first as well, for ever (R10)', () => {
    bank.doAll([initializeBranch(8, 0n), closeBranch(8)]);
    const command = group([withdraw(ann, 1_000n), transfer(ann, { branch: 8, serial: 1 }, 1n)]);
    const first = bank.do(command);
    expect(answer(first)).toEqual({ reason: 'BRANCH_CLOSED', branch: '8', member: '1' });
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
  });
});
