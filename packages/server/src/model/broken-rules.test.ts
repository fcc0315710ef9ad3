import { isDeepStrictEqual } from 'node:util';
import { AMOUNT_MAX } from '@giro/sdk/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../ledger/command.js';
import { deposit, initializeBranch, openAccount, transfer } from '../ledger/commands.fixture.js';
import type { Change, Entry } from '../ledger/entry.js';
import { MemoryBank } from '../ledger/memory-bank.fixture.js';
import { brokenRules } from './broken-rules.fixture.js';
import type { KeptBank } from './kept-bank.fixture.js';
import {
  captureHold,
  closeAccount,
  closeBranch,
  freezeAccount,
  group,
  placeHold,
  releaseHold,
  reverseTransfer,
  setOverdraftLimit,
} from './model-commands.fixture.js';
import { internalRef } from './model-movement.fixture.js';
import { keptOf } from './memory-play.fixture.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };
const vault = internalRef(1, 'vault', 'USD').serial;

/** What stands for a change of an account's limit, before it is moved from or to. */
const FROZEN = { kind: 'accountStatusChanged', status: 'frozen' };
const CLOSED = { kind: 'accountStatusChanged', status: 'closed' };

const between = transfer(ann, eve, 30n);
const hold = placeHold(ann, eve, 10n);
const due = placeHold(ann, bob, 5n, 1);
const released = placeHold(ann, bob, 5n);
const both = group(transfer(ann, bob, 1n), transfer(ann, eve, 1n));

let kept: KeptBank;

beforeEach(() => {
  const bank = new MemoryBank();
  let clockMicros = 1_000_000;
  const apply = (...commands: readonly Command[]) => {
    clockMicros += 1_000;
    for (const outcome of bank.doAll(commands, clockMicros))
      expect(outcome).toMatchObject({ kind: 'applied' });
  };
  apply(initializeBranch(1, 50n), initializeBranch(2, 0n), initializeBranch(3, 0n));
  apply(openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), openAccount(1, 'zoe'));
  apply(deposit(ann, 100n), setOverdraftLimit(ann, 0n), between, hold, due, released);
  apply(captureHold(1, hold.id, 7n), releaseHold(1, released.id), both);
  apply(reverseTransfer(2, between.id), setOverdraftLimit(bob, 9n), closeAccount({ branch: 1, serial: 3 }));
  apply(freezeAccount(eve), closeBranch(3));
  expect(bank.do(transfer(ann, bob, 1_000n), clockMicros)).toMatchObject({ kind: 'refused' });
  kept = keptOf(bank);
});

it('nothing is broken in a bank that nobody has meddled with', () => {
  expect(brokenRules(kept)).toEqual([]);
});

describe('an entry that was changed breaks', () => {
  const cases: readonly [rule: string, what: string, (entry: Entry) => boolean, Meddle][] = [
    ['R1', 'in another currency', isA('posting'), change({ currency: 'EUR' })],
    ['R1', 'to itself', isA('posting'), change({ credit: vault })],
    ['R2', 'of nothing', isA('posting'), change({ amount: 0n })],
    ['R2', 'of more than 64 bits', isA('posting'), change({ amount: AMOUNT_MAX + 1n })],
    ['R3', 'with another balance of the debited', isA('posting'), change({ debitBalance: 51n })],
    ['R3', 'with another balance of the credited', isA('posting'), change({ creditBalance: 51n })],
    ['R3', 'that frees another amount', isA('holdReleased'), change({ amount: 4n })],
    ['R4', 'of more than there is', isA('holdPlaced'), change({ amount: 71n })],
    ['R4', 'that captures more than was held', isCapture, change({ amount: 11n })],
    ['R4', 'that captures another amount', isCapture, change({ capture: { hold: hold.id, held: 11n } })],
    ['R10', 'that captures another hold', isCapture, change({ capture: { hold: due.id, held: 5n } })],
    ['R5', 'without its number', isA('refusal'), () => ({ ordinal: 1 })],
    ['R5', 'without its body', isA('refusal'), () => ({ body: undefined })],
    ['R6', 'of another group', isMember, () => ({ group: { id: 'another', index: 0 } })],
    ['R6', 'out of order', isMember, () => ({ group: { id: both.id, index: 9 } })],
    ['R6', 'of no group', isMember, () => ({ group: undefined })],
    ['R6', 'of a larger group', isA('groupOpened'), change({ members: 3 })],
    ['R6', 'of a group in more branches', isA('groupOpened'), change({ branches: [1, 2, 3] })],
    ['R7', 'with another counterparty', isLeg, change({ counterparty: { branch: 3, serial: 1 } })],
    ['R7', 'of another amount', isLeg, change({ amount: 29n })],
    ['R7', 'without a counterparty', isLeg, change({ counterparty: undefined })],
    ['R7', 'of another time', isLeg, ({ timeMicros }) => ({ timeMicros: timeMicros + 0.5 })],
    ['R7', 'of another write', isLeg, () => ({ writeId: 'another' })],
    ['R8', 'in another place', isA('posting'), () => ({ position: 9 })],
    ['R8', 'at an earlier time', isA('posting'), () => ({ timeMicros: 7 })],
    ['R8', 'with another limit', isA('overdraftLimitChanged'), change({ limit: 8n })],
    ['R8', 'that reverses what there is not', isReversal, change({ reversalOf: 'nothing' })],
    ['R10', 'that expires too early', isA('holdExpired'), () => ({ timeMicros: 1_000_000 })],
    ['R10', 'that expires without an expiry', isDue, change({ expiresMicros: undefined })],
    ['R10', 'that closes an account with money', isClosing, change({ serial: 2 })],
    ['R10', 'that closes a branch with money', isA('refusal'), () => ({ change: { kind: 'branchClosed' } })],
    ['R10', 'that debits a frozen account', isA('overdraftLimitChanged'), change(FROZEN)],
    ['R10', 'that moves money of a closed account', isA('overdraftLimitChanged'), change(CLOSED)],
  ];

  it.each(cases)('%s: one %s', (rule, _what, picked, meddle) => {
    const index = kept.entries.findIndex(picked);
    expect(index).toBeGreaterThan(-1);
    const entries = kept.entries.map((entry, at) => (at === index ? { ...entry, ...meddle(entry) } : entry));
    expect(rulesBrokenIn({ ...kept, entries })).toContain(rule);
  });

  it('R5, R6, R7, R8: one that is gone', () => {
    const without = (gone: (entry: Entry) => boolean) => {
      const index = kept.entries.findIndex(gone);
      return rulesBrokenIn({ ...kept, entries: kept.entries.toSpliced(index, 1) });
    };
    expect(without(isA('refusal'))).toContain('R8');
    expect(without(isMember)).toEqual(expect.arrayContaining(['R6', 'R8']));
    expect(without(isLeg)).toEqual(expect.arrayContaining(['R7', 'R8']));
  });

  it('R8: one that comes twice', () => {
    const again = kept.entries.findIndex(isReversal);
    const entry = kept.entries[again]!;
    const entries = kept.entries.toSpliced(again, 0, { ...entry, writeId: 'another' });
    expect(rulesBrokenIn({ ...kept, entries })).toEqual(expect.arrayContaining(['R7', 'R8']));
  });
});

describe('a row that was changed breaks', () => {
  it.each([
    ['posted debits', { postedDebits: 1n }],
    ['posted credits', { postedCredits: 1n }],
    ['held debits', { heldDebits: 1n }],
    ['held credits', { heldCredits: 1n }],
    ['its status', { status: 'frozen' as const }],
    ['its limit', { overdraftLimit: 1n }],
    ['its metadata', { metadata: { a: '1' } }],
    ['its position', { position: 1 }],
    ['its holder', { customer: 'eve' }],
  ])('R8: an account with other %s', (_what, changed) => {
    for (const index of kept.accounts.keys()) {
      const accounts = kept.accounts.map((account, at) =>
        at === index ? { ...account, ...changed } : account,
      );
      if (isDeepStrictEqual(accounts, kept.accounts)) continue;
      expect(rulesBrokenIn({ ...kept, accounts })).toContain('R8');
    }
  });

  it('R8: an account that is gone, or that nobody opened', () => {
    expect(rulesBrokenIn({ ...kept, accounts: kept.accounts.slice(1) })).toContain('R8');
    const another = { ...kept.accounts[0]!, serial: 77 };
    expect(rulesBrokenIn({ ...kept, accounts: [...kept.accounts, another] })).toContain('R8');
  });

  it('R7: one branch owes what the other does not know of', () => {
    const accounts = kept.accounts.map((account) =>
      account.kind === 'interbranch' && account.branch === 2 ? { ...account, postedCredits: 1n } : account,
    );
    expect(rulesBrokenIn({ ...kept, accounts })).toContain('R7');
  });

  it.each([
    ['status', { status: 'held' as const }],
    ['amount', { amount: 99n }],
    ['capture', { captured: 99n }],
    ['resolver', { resolvedBy: 'another' }],
    ['expiry', { expiresMicros: 99 }],
  ])('R8: a hold with another %s', (_what, changed) => {
    const holds = kept.holds.map((each) => (each.id === hold.id ? { ...each, ...changed } : each));
    expect(rulesBrokenIn({ ...kept, holds })).toContain('R8');
  });

  it.each([
    ['R8', 'position', { position: 3 }],
    ['R8', 'time', { timeMicros: 3 }],
    ['R8', 'number of open accounts', { openAccounts: 7 }],
    ['R8', 'state', { closed: true }],
    ['R8', 'next serial', { nextSerial: 1 }],
    ['R9', 'seal', { headHash: Buffer.alloc(32, 1) }],
  ])('%s: a branch with another %s', (rule, _what, changed) => {
    const branches = kept.branches.map((branch) => (branch.id === 1 ? { ...branch, ...changed } : branch));
    expect(rulesBrokenIn({ ...kept, branches })).toContain(rule);
  });
});

describe('a seal breaks R9', () => {
  it.each([
    ['that covers less', { last: 2 }],
    ['that begins later', { first: 2 }],
    ['of another root', { root: Buffer.alloc(32, 1) }],
    ['of another hash', { hash: Buffer.alloc(32, 1) }],
  ])('%s', (_what, changed) => {
    for (const index of kept.seals.keys()) {
      if (kept.seals[index]!.first === 2 && 'first' in changed) continue;
      const seals = kept.seals.map((seal, at) => (at === index ? { ...seal, ...changed } : seal));
      expect(rulesBrokenIn({ ...kept, seals })).toContain('R9');
    }
  });

  it('that is gone', () => {
    for (const index of kept.seals.keys()) {
      expect(rulesBrokenIn({ ...kept, seals: kept.seals.toSpliced(index, 1) })).toContain('R9');
    }
  });
});

type Meddle = (entry: Entry) => Partial<Entry>;

/** Makes the change another. */
function change(more: object): Meddle {
  return (entry) => ({ change: { ...entry.change, ...more } });
}

function isA(kind: Change['kind']): (entry: Entry) => boolean {
  return (entry) => entry.change.kind === kind;
}

function isCapture({ change: { kind, ...posting } }: Entry): boolean {
  return kind === 'posting' && 'capture' in posting && posting.capture !== undefined;
}

function isReversal({ change: posting }: Entry): boolean {
  return posting.kind === 'posting' && posting.reversalOf !== undefined;
}

function isLeg({ change: posting, writeId }: Entry): boolean {
  return posting.kind === 'posting' && writeId === between.id;
}

function isDue({ writeId, ordinal }: Entry): boolean {
  return writeId === due.id && ordinal === 0;
}

function isMember({ group: place }: Entry): boolean {
  return place?.index === 0;
}

function isClosing({ change: status }: Entry): boolean {
  return status.kind === 'accountStatusChanged' && status.status === 'closed';
}

/** The numbers of the rules that are broken; those that make the journal unreadable too. */
function rulesBrokenIn(changed: KeptBank): readonly (string | undefined)[] {
  try {
    return [...new Set(brokenRules(changed).map((problem) => problem.split(':')[0]))];
  } catch (error) {
    return [(error as Error).message.split(':')[0]];
  }
}
