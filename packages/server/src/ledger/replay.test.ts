import { newWriteId, notesHash } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command, Transfer } from './command.js';
import {
  abandon,
  addCash,
  captureHold,
  closeAccount,
  closeBranch,
  deposit,
  expireHolds,
  freezeAccount,
  group,
  initializeBranch,
  notes,
  openAccount,
  operatorTransfer,
  placeHold,
  releaseHold,
  removeCash,
  reverseGroup,
  reverseTransfer,
  seedDeposit,
  setAccountMetadata,
  setOverdraftLimit,
  transfer,
  unfreezeAccount,
  withdraw,
} from './commands.fixture.js';
import { answer, type MemoryBank } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

const [hold, moved, together] = [
  placeHold(ann, eve, 5n),
  transfer(ann, eve, 5n),
  group([transfer(ann, bob, 5n), deposit(eve, 1n)]),
];
const everyKind: readonly Command[] = [
  initializeBranch(3, 5n),
  addCash(1, 5n),
  removeCash(1, 5n),
  closeBranch(4),
  openAccount(1, 'zoe'),
  freezeAccount(bob),
  unfreezeAccount(bob),
  closeAccount(bob),
  setOverdraftLimit(bob, 5n),
  setAccountMetadata(bob),
  deposit(ann, 5n),
  withdraw(ann, 5n),
  operatorTransfer(ann, eve, 5n),
  placeHold(ann, eve, 5n),
  captureHold(1, hold),
  releaseHold(2, hold),
  reverseTransfer(2, moved),
  reverseGroup(1, together),
  seedDeposit(1, 5n),
];

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
  bank.doAll([hold, initializeBranch(4, 0n)]);
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

describe('a write of every kind', () => {
  beforeEach(() => {
    bank.doAll([moved, together, transfer(bob, ann, 5n)]);
    if (bank.balance(bob) !== 0n) throw new Error('bob must be able to close his account');
  });

  it.each(everyKind)('is applied once: $kind (R5)', (command) => {
    // What the group gave bob goes back with it.
    if (command.kind === 'reverseGroup') bank.do(deposit(bob, 5n));
    const first = bank.do(command);
    expect(answer(first)).toBe('applied');
    const entries = bank.entries.length;
    const again = bank.do(command);
    expect(again).toMatchObject({ kind: 'applied', replayed: true });
    const placesIn = ({ entries: made }: { entries: { branch: number; position: number }[] }) =>
      made.map(({ branch, position }) => [branch, position]).sort();
    expect(placesIn(again as never)).toEqual(placesIn(first as never));
    expect(bank.entries.length).toBe(entries);
  });

  it.each(everyKind)('has notes and an actor kept with its entries: $kind', (command) => {
    if (command.kind === 'reverseGroup') bank.do(deposit(bob, 5n));
    const given = notes('for the books', { month: 'May' });
    bank.do({ ...command, notes: given, actor: 'teller 7' });
    const kept = bank.entries.filter(({ writeId }) => writeId === command.id);
    expect(kept.length).toBeGreaterThan(0);
    for (const entry of kept) {
      expect(entry.notes).toEqual({ hash: notesHash(given), notes: given });
      expect(entry.actor).toBe('teller 7');
    }
  });
});

describe('a write moves the position of every branch that it touches (trap 1)', () => {
  const positions = () => [...bank.branches.values()].map(({ id, position }) => [id, position]);

  it.each(everyKind)('if it is applied: $kind (R8)', (command) => {
    bank.doAll([moved, together, transfer(bob, ann, 5n)]);
    if (command.kind === 'reverseGroup') bank.do(deposit(bob, 5n));
    const before = new Map(bank.branches);
    expect(answer(bank.do(command))).toBe('applied');
    const touched = new Set(
      bank.entries.filter(({ writeId }) => writeId === command.id).map(({ branch }) => branch),
    );
    for (const [id, { position, headHash }] of bank.branches) {
      expect(position > (before.get(id)?.position ?? 0)).toBe(touched.has(id));
      expect(before.get(id)?.headHash.equals(headHash) ?? false).toBe(!touched.has(id));
    }
  });

  it.each([
    ['a refusal that is kept', withdraw(ann, 5_000n)],
    ['an id that is abandoned', abandon(1, deposit(ann, 1n))],
    ['a hold that expires', expireHolds(1)],
  ])('if it is %s (R8)', (_what, command) => {
    bank.do(placeHold(ann, bob, 1n, { expiresInMs: 1 }), 50_000);
    const before = positions();
    bank.do(command, command.kind === 'expireHolds' ? 60_000 : 50_001);
    expect(positions()).not.toEqual(before);
  });
});

describe('notes are compared', () => {
  const rent = (more: Partial<Transfer> = {}): Transfer => ({
    ...moved,
    notes: notes('rent', { month: 'May', flat: '3b' }),
    ...more,
  });

  it('by what they say: neither the salt nor the order of the pairs matters (R5)', () => {
    const first = bank.do(rent());
    const again = bank.do(rent({ notes: notes('rent', { flat: '3b', month: 'May' }) }));
    expect(again).toEqual({ ...first, replayed: true });
    expect(bank.entries.at(-1)?.notes?.notes?.metadata).toEqual({ month: 'May', flat: '3b' });
  });

  it.each([
    ['description', notes('Rent', { month: 'May', flat: '3b' })],
    ['metadata', notes('rent', { month: 'June', flat: '3b' })],
    ['metadata', notes('rent', { month: 'May' })],
    ['metadata', notes('rent', { month: 'May', flat: '3b', more: '' })],
    ['metadata', notes('rent')],
    ['description', undefined],
  ])('and name what differs: %s (R5)', (field, other) => {
    bank.do(rent());
    expect(answer(bank.do(rent({ notes: other })))).toEqual({
      ...{ reason: 'ID_REUSED', id: moved.id, field },
    });
  });

  it('of a write that has had none, with any', () => {
    bank.do(moved);
    expect(answer(bank.do({ ...moved, notes: notes('rent') }))).toMatchObject({ field: 'description' });
    expect(answer(bank.do({ ...moved, notes: notes('', { a: 'b' }) }))).toMatchObject({ field: 'metadata' });
  });

  it('after the fields of the body itself', () => {
    bank.do(rent());
    expect(answer(bank.do(rent({ amount: 6n, notes: notes('other') })))).toMatchObject({ field: 'amount' });
  });

  it('of a frozen refusal as well (R5)', () => {
    const refused = { ...rent(), amount: 5_000n };
    const first = bank.do(refused);
    expect(bank.do({ ...refused, notes: notes('rent', { flat: '3b', month: 'May' }) })).toEqual({
      ...first,
      replayed: true,
    });
    expect(answer(bank.do({ ...refused, notes: undefined }))).toMatchObject({ field: 'description' });
  });

  it('not at all once they were erased: then they count as the same (R5, R9)', () => {
    const first = bank.do(rent());
    bank.eraseNotes(moved.id);
    for (const other of [rent(), rent({ notes: notes('another') }), rent({ notes: undefined })]) {
      const again = bank.do(other);
      expect(again).toMatchObject({ kind: 'applied', replayed: true });
    }
    expect(first).toMatchObject({ replayed: false });
    expect(answer(bank.do(rent({ amount: 6n })))).toMatchObject({ field: 'amount' });
  });
});

describe('an id that branches know as different writes', () => {
  it('gets the answer of the one with the same body, wherever that is (R5)', () => {
    const capture = captureHold(2, placeHold(ann, eve, 7n));
    const early = bank.do(capture);
    bank.do(deposit(ann, 1n, { id: capture.id }));
    bank.do(placeHold(ann, eve, 7n, { id: capture.hold }));
    expect(bank.do(capture)).toEqual({ ...early, replayed: true });
    expect(answer(bank.do({ ...capture, amount: 3n }))).toMatchObject({ reason: 'ID_REUSED' });
  });

  it('is refused if none of them is the same: both keep their own (R5)', () => {
    const id = newWriteId();
    const [here, there] = [deposit(ann, 1n, { id }), deposit(eve, 2n, { id })];
    bank.doAll([here, there]);
    expect(answer(bank.do(transfer(ann, eve, 1n, { id })))).toMatchObject({ reason: 'ID_REUSED' });
    expect(bank.doAll([here, there])).toMatchObject([
      { kind: 'applied', replayed: true },
      { kind: 'applied', replayed: true },
    ]);
  });
});
