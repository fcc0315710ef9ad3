import { newWriteId } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.js';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from './commands.fixture.js';
import { answer, MemoryBank } from './memory-bank.fixture.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
  bank.doAll([initializeBranch(1, 0n), initializeBranch(2, 0n)]);
  bank.doAll([openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), deposit(ann, 100n)]);
});

describe('the same id with the same body', () => {
  const commands: readonly [string, Command][] = [
    ['initializeBranch', initializeBranch(3, 5n)],
    ['openAccount', openAccount(1, 'ann')],
    ['deposit', deposit(ann, 5n)],
    ['withdraw', withdraw(ann, 5n)],
    ['transfer', transfer(ann, bob, 5n)],
    ['transfer between branches', transfer(ann, eve, 5n)],
  ];

  it.each(commands)('gets the first answer of %s again and changes nothing (R5)', (_kind, command) => {
    const first = bank.do(command, 10_000);
    expect(first.replayed).toBe(false);
    bank.do(deposit(bob, 1n));
    const entries = bank.entries.length;
    expect(bank.do(command, 99_000)).toEqual({ ...first, replayed: true });
    expect(bank.entries.length).toBe(entries);
  });

  it('is replayed from its own batch too (R5, trap 6)', () => {
    const command = withdraw(ann, 60n);
    const [first, second, other] = bank.doAll([command, command, withdraw(ann, 60n)]);
    expect(second).toEqual({ ...first, replayed: true });
    expect(answer(other!)).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', available: '40' });
    expect(bank.balance(ann)).toBe(40n);
  });

  it('gets a frozen refusal again although it could be applied now (R5)', () => {
    const command = transfer(bob, eve, 5n);
    const first = bank.do(command);
    expect(answer(first)).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', available: '0' });
    bank.do(deposit(bob, 50n));
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
    expect(bank.balance(bob)).toBe(50n);
  });

  it('is decided anew after a refusal that is not frozen, which leaves no trace (R5)', () => {
    const command = deposit({ branch: 3, serial: 1 }, 5n);
    const entries = bank.entries.length;
    expect(answer(bank.do(command))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '3' });
    expect(bank.entries.length).toBe(entries);
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'zoe')]);
    expect(bank.do(command)).toMatchObject({ kind: 'applied', replayed: false });
  });

  it('is not found missing in a branch that came into being after the refusal (R5)', () => {
    const command = transfer(ann, { branch: 3, serial: 1 }, 5n);
    expect(answer(bank.do(command))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '3' });
    bank.doAll([initializeBranch(3, 0n), openAccount(3, 'zoe')]);
    expect(answer(bank.do(command))).toBe('applied');
  });
});

describe('the same id with another body', () => {
  const id = newWriteId();
  const used = transfer(ann, eve, 5n, { id });

  it.each([
    ['amount', transfer(ann, eve, 6n, { id })],
    ['currency', transfer(ann, eve, 5n, { id, currency: 'EUR' })],
    ['from', transfer(bob, eve, 5n, { id })],
    ['to', transfer(ann, bob, 5n, { id })],
    ['kind', withdraw(ann, 5n, { id })],
    ['kind', deposit(eve, 5n, { id })],
    ['kind', openAccount(2, 'eve', { id })],
  ])('is refused with the field %s, applies nothing and leaves no trace (R5)', (field, command) => {
    bank.do(used);
    const entries = bank.entries.length;
    expect(bank.do(command)).toEqual({
      kind: 'refused',
      refusal: { reason: 'ID_REUSED', metadata: { id, field } },
      replayed: false,
    });
    expect(bank.entries.length).toBe(entries);
    expect(bank.do(used)).toMatchObject({ kind: 'applied', replayed: true });
  });

  it('is refused after a frozen refusal as well (R5)', () => {
    bank.do(withdraw(ann, 500n, { id }));
    expect(answer(bank.do(withdraw(ann, 50n, { id })))).toEqual({ reason: 'ID_REUSED', id, field: 'amount' });
  });

  it('is refused before anything else is looked at (R5: order of checks)', () => {
    bank.do(used);
    for (const command of [
      transfer(ann, { branch: 9, serial: 1 }, 5n, { id }),
      withdraw({ branch: 1, serial: 99 }, 5n, { id }),
      withdraw(ann, 5_000n, { id }),
      initializeBranch(1, 5n, { id }),
    ]) {
      expect(answer(bank.do(command))).toMatchObject({ reason: 'ID_REUSED' });
    }
  });

  it('is another write in a branch that the first did not touch (R5)', () => {
    bank.do(deposit(ann, 5n, { id }));
    expect(answer(bank.do(deposit(eve, 5n, { id })))).toBe('applied');
  });
});

describe('the journal', () => {
  it('has positions without a gap and times that increase, whatever the clock says (R8)', () => {
    for (const clockMicros of [5_000_000, 1, -7, 0, 5_000_000, 4_999_999, 6_000_000]) {
      bank.doAll([deposit(ann, 1n), transfer(ann, eve, 1n), withdraw(ann, 1_000n)], clockMicros);
    }
    for (const branch of [1, 2]) {
      const journal = bank.journal(branch);
      expect(journal.map(({ position }) => position)).toEqual(journal.map((_entry, index) => index + 1));
      const times = journal.map(({ timeMicros }) => timeMicros);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }
    expect(bank.journal(1).at(-1)?.timeMicros).toBe(6_000_002);
  });

  it("takes the clock's time when it is later than any (R8)", () => {
    const outcome = bank.do(deposit(ann, 1n), 77_000_000);
    expect(outcome).toMatchObject({ entries: [{ timeMicros: 77_000_000 }] });
  });

  it('keeps the body once per write and branch, with the first entry (R5)', () => {
    const command = initializeBranch(3, 5n);
    bank.do(command);
    const body = JSON.stringify({
      kind: 'initializeBranch',
      branch: 3,
      initial_balance: '5',
      currency: 'USD',
    });
    expect(bank.journal(3).map((entry) => [entry.ordinal, entry.writeId, entry.body])).toEqual([
      [0, command.id, body],
      [1, command.id, undefined],
      [2, command.id, undefined],
      [3, command.id, undefined],
    ]);
  });
});
