import { formatAccountId } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../ledger/command.js';
import { deposit, transfer, withdraw } from '../ledger/commands.fixture.js';
import { abandon } from './model-commands.fixture.js';
import { internalRef } from './model-movement.fixture.js';
import { ann, eve, WorkedExample } from './worked-example.fixture.js';

let example: WorkedExample;

beforeEach(() => {
  example = new WorkedExample();
});

describe('an id', () => {
  it('has one answer for one body and names the fields of another (R5)', () => {
    const command = transfer(ann, eve, 30n);
    const first = example.bank.do(command, 5_000_000);
    expect(example.bank.do(command, 6_000_000)).toEqual({ ...first, replayed: true });
    expect(example.bank.do({ ...command, notes: undefined, preconditions: [] }, 6_000_000)).toMatchObject({
      replayed: true,
    });
    const another = { ...command, amount: 31n, preconditions: [{ account: ann, position: 4 }] };
    expect(example.bank.do(another, 6_000_000)).toMatchObject({
      ...{ refusal: { reason: 'ID_REUSED' }, differing: ['amount', 'preconditions'], replayed: false },
    });
    expect(example.balances(ann)).toEqual([70n]);
  });

  it('abandoned answers any body with that (R13)', () => {
    const command = transfer(ann, eve, 30n);
    expect(example.answer(abandon(2, command.id))).toEqual({ reason: 'ABANDONED', id: command.id });
    expect(example.answer(command)).toEqual({ reason: 'ABANDONED', id: command.id });
    expect(example.answer(deposit(eve, 5n, { id: command.id }))).toEqual({
      reason: 'ABANDONED',
      id: command.id,
    });
    example.apply(deposit(ann, 5n, { id: command.id }));
    expect(example.balances(ann, eve)).toEqual([105n, 0n]);
  });

  it('of a known write cannot be abandoned: its answer comes again (R13)', () => {
    const [applied, refused] = [transfer(ann, eve, 30n), withdraw(ann, 500n)];
    example.apply(applied);
    example.answer(refused);
    const entries = example.bank.books.journal(1).length;
    expect(example.bank.do(abandon(2, applied.id), example.timeMicros)).toMatchObject({
      kind: 'applied',
      replayed: true,
    });
    expect(example.answer(abandon(1, refused.id))).toMatchObject({ reason: 'INSUFFICIENT_FUNDS' });
    expect(example.answer(abandon(9, applied.id))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '9' });
    expect(example.bank.books.journal(1).length).toBe(entries);
  });
});

describe('preconditions', () => {
  it('are checked in order, before the accounts of the write', () => {
    const vault = internalRef(1, 'vault', 'USD');
    const refused = (preconditions: Command['preconditions']) =>
      example.answer({ ...withdraw({ branch: 1, serial: 9 }, 1n), preconditions });
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
    const at = example.bank.books.journal(1).length;
    const told = (position: number) =>
      example.answer({ ...deposit(ann, 1n), preconditions: [{ account: ann, position }] });
    expect(told(at - 1)).toMatchObject({ condition: 'position', actual: String(at) });
    expect(told(at)).toBe('applied');
    expect(told(at)).toMatchObject({ condition: 'position', actual: String(at + 2) });
  });
});
