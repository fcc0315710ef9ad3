import { newWriteId } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Member } from './command.js';
import {
  captureHold,
  deposit,
  freezeAccount,
  group,
  notes,
  placeHold,
  transfer,
  withdraw,
} from './commands.fixture.js';
import { answer, type MemoryBank } from './memory-bank.fixture.js';
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

describe('the id of a group', () => {
  it('gets the first answer again with the same body, entries of members included (R5)', () => {
    const command = group([transfer(ann, eve, 10n), placeHold(ann, bob, 5n)]);
    const first = bank.do(command);
    bank.doAll([freezeAccount(ann), deposit(bob, 1n)]);
    const entries = bank.entries.length;
    const again = bank.do(command);
    expect(again).toMatchObject({ kind: 'applied', replayed: true });
    if (first.kind === 'refused' || again.kind === 'refused') throw new Error('refused');
    expect(groupReceiptOf(again.entries)).toEqual(groupReceiptOf(first.entries));
    expect(bank.entries.length).toBe(entries);
  });

  it('is replayed from its own batch too (R5, trap 6)', () => {
    const command = group([withdraw(ann, 60n)]);
    expect(bank.doAll([command, command]).map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(bank.balance(ann)).toBe(40n);
  });

  it.each<[string, (members: readonly Member[]) => readonly Member[]]>([
    ['a member more', (members) => [...members, deposit(ann, 1n)]],
    ['a member less', (members) => members.slice(1)],
    ['another order', (members) => members.toReversed()],
    ['another amount', ([first, second]) => [{ ...first!, amount: 9n } as Member, second!]],
    ['another id of a member', ([first, second]) => [{ ...first!, id: newWriteId() }, second!]],
    ['other notes of a member', ([first, second]) => [{ ...first!, notes: notes('other') }, second!]],
  ])('with %s is refused, and names the members (R5)', (_what, change) => {
    const command = group([transfer(ann, eve, 10n, { notes: notes('rent') }), transfer(ann, bob, 5n)]);
    bank.do(command);
    const entries = bank.entries.length;
    const { id } = command;
    expect(answer(bank.do({ ...command, members: change(command.members) }))).toEqual({
      ...{ reason: 'ID_REUSED', id, field: 'members' },
    });
    expect(bank.entries.length).toBe(entries);
  });

  it('compares the notes of the group and of its members, without their salt (R5)', () => {
    const rent = () => transfer(ann, eve, 10n, { id: memberId, notes: notes('rent', { month: 'May' }) });
    const memberId = newWriteId();
    const command = group([rent()], { notes: notes('household') });
    bank.do(command);
    const same = { ...command, members: [rent()], notes: notes('household') };
    expect(bank.do(same)).toMatchObject({ kind: 'applied', replayed: true });
    expect(answer(bank.do({ ...command, notes: notes('other') }))).toMatchObject({ field: 'description' });
  });

  it('stays refused for a hold that was not there yet, whatever is placed later (R5)', () => {
    const hold = placeHold(ann, eve, 10n);
    const command = group([captureHold(1, hold), transfer(ann, eve, 1n)]);
    const first = bank.do(command);
    expect(answer(first)).toMatchObject({ reason: 'HOLD_NOT_FOUND', member: '0' });
    bank.do(hold);
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
  });
});

describe('the id of a member', () => {
  it('is used up when the group applies (R5)', () => {
    const member = transfer(ann, bob, 10n);
    const command = group([member]);
    bank.do(command);
    for (const other of [member, deposit(ann, 1n, { id: member.id }), group([member])]) {
      expect(answer(bank.do(other))).toMatchObject({ reason: 'ID_REUSED', id: member.id });
    }
    expect(bank.balance(bob)).toBe(10n);
  });

  it.each([
    ['applied', deposit(ann, 1n)],
    ['refused', withdraw(ann, 5_000n)],
  ])('that an earlier write has used refuses the group, and can be exchanged (R5): %s', (_what, used) => {
    bank.do(used);
    const taken = transfer(ann, bob, 10n, { id: used.id });
    const command = group([deposit(bob, 1n), taken]);
    const entries = bank.entries.length;
    expect(answer(bank.do(command))).toEqual({
      ...{ reason: 'ID_REUSED', id: used.id, field: 'group', member: '1' },
    });
    expect(bank.entries.length).toBe(entries);
    const mended = { ...command, members: [command.members[0]!, { ...taken, id: newWriteId() }] };
    expect(answer(bank.do(mended))).toBe('applied');
  });

  it('that another branch has used is another id there (R5)', () => {
    const used = deposit(eve, 1n);
    bank.do(used);
    expect(answer(bank.do(group([transfer(ann, bob, 10n, { id: used.id })])))).toBe('applied');
  });

  it('that comes twice in the group, or is its own, is refused (R5)', () => {
    const member = deposit(ann, 1n);
    expect(answer(bank.do(group([member, { ...member, to: bob }])))).toMatchObject({
      ...{ reason: 'ID_REUSED', member: '1' },
    });
    expect(answer(bank.do(group([member], { id: member.id })))).toMatchObject({
      ...{ reason: 'ID_REUSED', member: '0' },
    });
  });

  it('of a hold is the hold, once the group has applied', () => {
    const hold = placeHold(ann, eve, 10n);
    bank.do(group([hold, deposit(bob, 1n)]));
    expect(answer(bank.do(captureHold(2, hold)))).toBe('applied');
    expect(bank.balance(eve)).toBe(10n);
  });
});
