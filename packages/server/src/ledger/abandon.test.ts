import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import {
  abandon,
  captureHold,
  deposit,
  group,
  initializeBranch,
  notes,
  openAccount,
  placeHold,
  reverseTransfer,
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

const ABANDONED = ({ id }: Pick<Command, 'id'>) => ({ reason: 'ABANDONED', id });

describe('an id that is abandoned', () => {
  it('before its write arrives is used up: the write is refused, whatever its body (R13)', () => {
    const command = transfer(ann, bob, 10n);
    const { id } = command;
    expect(bank.do(abandon(1, command))).toEqual({
      ...{ kind: 'refused', refusal: { reason: 'ABANDONED', metadata: { id: command.id } }, replayed: false },
    });
    const others = [
      command,
      { ...command, amount: 11n },
      { ...command, notes: notes('rent') },
      openAccount(1, 'zoe', { id }),
      group([deposit(ann, 1n)], { id }),
    ];
    for (const other of others) {
      const outcome = bank.do(other);
      expect(answer(outcome)).toEqual(ABANDONED(command));
      expect(outcome.replayed).toBe(true);
    }
    expect([bank.balance(ann), bank.balance(bob)]).toEqual([100n, 0n]);
  });

  it('is an entry of the branch, without a body, and made once (R5, R8)', () => {
    const command = transfer(ann, bob, 10n);
    bank.do({ ...abandon(1, command), actor: 'teller 7' });
    expect(bank.do(abandon(1, command))).toMatchObject({ refusal: { reason: 'ABANDONED' }, replayed: true });
    const kept = bank.entries.filter(({ writeId }) => writeId === command.id);
    expect(kept).toMatchObject([
      { branch: 1, ordinal: 0, actor: 'teller 7', change: { refusal: { reason: 'ABANDONED' } } },
    ]);
    expect(kept[0]).toHaveProperty('body', undefined);
  });

  it('in the same batch as its write goes to whoever comes first (R13)', () => {
    const [one, two] = [withdraw(ann, 1n), withdraw(ann, 2n)];
    expect(bank.doAll([abandon(1, one), one, two, abandon(1, two)])).toMatchObject([
      { refusal: { reason: 'ABANDONED' }, replayed: false },
      { refusal: { reason: 'ABANDONED' }, replayed: true },
      { kind: 'applied', replayed: false },
      { kind: 'applied', replayed: true },
    ]);
  });

  it.each([1, 2])('in branch %i cannot be used by a write between branches any more (R13)', (branch) => {
    const command = transfer(ann, eve, 10n);
    const { id } = command;
    bank.do(abandon(branch, command));
    expect(answer(bank.do(command))).toEqual(ABANDONED(command));
    expect([bank.balance(ann), bank.balance(eve)]).toEqual([100n, 0n]);
    const elsewhere = branch === 1 ? deposit(eve, 1n, { id }) : deposit(ann, 1n, { id });
    expect(answer(bank.do(elsewhere))).toBe('applied');
    expect(answer(bank.do(command))).toEqual(ABANDONED(command));
  });

  it('of a group refuses the group; of a member, too, as an id that was used (R13)', () => {
    const [one, two] = [group([transfer(ann, eve, 10n)]), group([transfer(ann, eve, 10n)])];
    bank.doAll([abandon(2, one), abandon(2, two.members[0]!)]);
    expect(answer(bank.do(one))).toEqual(ABANDONED(one));
    expect(answer(bank.do(two))).toMatchObject({ reason: 'ID_REUSED', member: '0' });
    expect(bank.balance(eve)).toBe(0n);
  });

  it('of a hold or a reversal leaves nothing to refer to (R13)', () => {
    const [hold, original] = [placeHold(ann, eve, 1n), transfer(ann, eve, 1n)];
    bank.doAll([abandon(1, hold), abandon(1, original)]);
    expect(answer(bank.do(captureHold(1, hold)))).toMatchObject({ reason: 'HOLD_NOT_FOUND' });
    expect(answer(bank.do(reverseTransfer(1, original)))).toMatchObject({ reason: 'ORIGINAL_NOT_FOUND' });
  });
});

describe('abandoning a write that was there already', () => {
  it.each([
    ['applied', transfer(ann, eve, 10n)],
    ['refused for ever', transfer(ann, eve, 5_000n)],
  ])('tells what became of it, in either branch, and changes nothing: %s (R13)', (_what, command) => {
    const first = bank.do(command);
    const entries = bank.entries.length;
    for (const branch of [1, 2]) {
      const told = bank.do(abandon(branch, command));
      expect(told).toMatchObject({ kind: first.kind, replayed: true });
      if (first.kind === 'refused') expect(told).toEqual({ ...first, replayed: true });
      if (told.kind === 'applied') expect(told.entries.map((entry) => entry.branch)).toContain(branch);
    }
    expect(bank.entries.length).toBe(entries);
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
  });

  it('tells of a group what it did in that branch, and of a member likewise (R13)', () => {
    const command = group([transfer(ann, eve, 10n), deposit(bob, 1n)]);
    bank.do(command);
    const [here, there, member] = [
      bank.do(abandon(1, command)),
      bank.do(abandon(2, command)),
      bank.do(abandon(2, command.members[0]!)),
    ];
    const idsOf = (outcome: typeof here) =>
      outcome.kind === 'applied' ? outcome.entries.map(({ writeId }) => writeId) : [];
    const [first, second] = command.members.map(({ id }) => id);
    expect(new Set(idsOf(here))).toEqual(new Set([command.id, first, second]));
    expect(new Set(idsOf(there))).toEqual(new Set([command.id, first]));
    expect(new Set(idsOf(member))).toEqual(new Set([first]));
  });

  it('knows nothing of a branch that the write did not touch: there the id is used up by itself (R13)', () => {
    const command = transfer(ann, bob, 10n);
    bank.do(command);
    expect(answer(bank.do(abandon(2, command)))).toEqual(ABANDONED(command));
    expect(bank.do(command)).toMatchObject({ kind: 'applied', replayed: true });
  });

  it('knows nothing of a refusal that left no trace: then it is used up (R5, R13)', () => {
    const command = transfer(ann, { branch: 8, serial: 1 }, 1n);
    bank.do(command);
    expect(answer(bank.do(abandon(1, command)))).toEqual(ABANDONED(command));
    bank.doAll([initializeBranch(8, 0n), openAccount(8, 'max')]);
    expect(answer(bank.do(command))).toEqual(ABANDONED(command));
  });
});

it('an id cannot be abandoned where there is no branch, and is not used up then (R13)', () => {
  const command = transfer(ann, { branch: 8, serial: 1 }, 1n);
  expect(answer(bank.do(abandon(8, command)))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '8' });
  bank.doAll([initializeBranch(8, 0n), openAccount(8, 'max')]);
  expect(answer(bank.do(command))).toBe('applied');
});
