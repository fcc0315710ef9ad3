import { expect, test } from 'vitest';
import type { Entry, EntryHead } from '../client/entry.js';
import { formatAccountId } from '../ids/account-id.js';
import { CHANGE_NUMBERS, type CanonicalChange, type CanonicalEntry } from './canonical-entry.js';
import { provenEntry } from './proven-entry.js';

const holdId = '0190163d-8694-739b-aea5-966c26f8ad91';
const seal = { position: 9n, hash: new Uint8Array(32) };
const entry: Omit<CanonicalEntry, 'change'> = {
  branch: 17,
  position: 8,
  timeMicros: 1_763_876_543_210_987,
  writeId: '0190163d-8694-739b-aea5-966c26f8ad92',
  ordinal: 0,
  group: undefined,
  actor: undefined,
  notes: undefined,
  body: undefined,
};
const head: EntryHead = {
  branch: 17,
  position: 8n,
  seal,
  time: new Date(1_763_876_543_210),
  timeMicros: 1_763_876_543_210_987n,
  writeId: entry.writeId,
  metadata: {},
};

const [one, two] = [1, 2].map((serial) => formatAccountId({ branch: 17, serial })) as [string, string];
const away = { branch: 18, serial: 7 };
const moved = { debit: 1, credit: 2, amount: 5n, currency: 'USD' };
const sides = { debitAccount: one, creditAccount: two, amount: { amount: 5n, currency: 'USD' } };
const usd = (amount: bigint) => ({ amount, currency: 'USD' });
const noPosting = { counterparty: undefined, capture: undefined, reversalOf: undefined };

/** A change, and what an entry with it has besides its head. */
const cases: readonly [CanonicalChange, Omit<Entry, keyof EntryHead> & Record<string, unknown>][] = [
  [{ kind: 'branchOpened' }, { kind: 'branch-opened' }],
  [{ kind: 'branchClosed' }, { kind: 'branch-closed' }],
  [
    {
      ...{ kind: 'accountOpened', serial: 1, accountKind: 'customer', customer: 'ann' },
      ...{ peerBranch: undefined, currency: 'USD' },
    },
    { kind: 'account-opened', account: one, accountKind: 'customer', customer: 'ann', currency: 'USD' },
  ],
  [
    {
      ...{ kind: 'accountOpened', serial: 2, accountKind: 'interbranch', customer: undefined },
      ...{ peerBranch: 0, currency: 'USD' },
    },
    { kind: 'account-opened', account: two, accountKind: 'interbranch', peerBranch: 0, currency: 'USD' },
  ],
  [
    { kind: 'posting', ...moved, debitBalance: -5n, creditBalance: 6n, ...noPosting },
    { kind: 'posting', ...sides, debitBalance: usd(-5n), creditBalance: usd(6n) },
  ],
  [
    {
      ...{ kind: 'posting', ...moved, debitBalance: -5n, creditBalance: 6n },
      ...{ counterparty: away, capture: { hold: holdId, held: 7n }, reversalOf: entry.writeId },
    },
    {
      ...{ kind: 'posting', ...sides, debitBalance: usd(-5n), creditBalance: usd(6n) },
      ...{ counterparty: formatAccountId(away), holdId, held: usd(7n), reversalOf: entry.writeId },
    },
  ],
  [
    { kind: 'refusal', refusal: { reason: 'ABANDONED', metadata: { id: 'x' } } },
    { kind: 'refusal', reason: 'ABANDONED', message: 'the id x was abandoned', details: { id: 'x' } },
  ],
  [
    { kind: 'refusal', refusal: { reason: 'UNHEARD_OF', metadata: { problem: 'who knows' } } },
    { kind: 'refusal', reason: 'UNHEARD_OF', message: 'who knows', details: { problem: 'who knows' } },
  ],
  [
    { kind: 'holdPlaced', ...moved, expiresMicros: undefined, counterparty: undefined },
    { kind: 'hold-placed', ...sides },
  ],
  [
    { kind: 'holdPlaced', ...moved, expiresMicros: 1_999, counterparty: away },
    {
      ...{ kind: 'hold-placed', ...sides, expiresTime: new Date(1), expiresTimeMicros: 1_999n },
      counterparty: formatAccountId(away),
    },
  ],
  [
    { kind: 'holdReleased', hold: holdId, ...moved },
    { kind: 'hold-released', holdId, ...sides },
  ],
  [
    { kind: 'holdExpired', hold: holdId, ...moved },
    { kind: 'hold-expired', holdId, ...sides },
  ],
  [
    { kind: 'accountStatusChanged', serial: 2, status: 'frozen' },
    { kind: 'account-state-changed', account: two, state: 'frozen' },
  ],
  [
    { kind: 'overdraftLimitChanged', serial: 2, limit: 9n, currency: 'USD' },
    { kind: 'overdraft-limit-changed', account: two, limit: usd(9n) },
  ],
  [
    { kind: 'accountMetadataChanged', serial: 2 },
    { kind: 'account-metadata-changed', account: two },
  ],
  [
    { kind: 'groupOpened', members: 3, branches: [17, 18], reversalOf: undefined },
    { kind: 'group-opened', members: 3 },
  ],
  [
    { kind: 'groupOpened', members: 3, branches: [17, 18], reversalOf: holdId },
    { kind: 'group-opened', members: 3, reversalOf: holdId },
  ],
];

test.for(cases)('an entry is told as a listing tells it: %o', ([change, told]) => {
  expect(provenEntry({ ...entry, change }, seal, undefined)).toEqual({ ...head, ...told });
});

test('every kind of change is among them', () => {
  expect(new Set(cases.map(([{ kind }]) => kind))).toEqual(new Set(Object.keys(CHANGE_NUMBERS)));
});

test('what not every entry has is told where it is', () => {
  const group = { id: holdId, index: 0 };
  const rich: CanonicalEntry = { ...entry, group, actor: 'teller 7', change: { kind: 'branchOpened' } };
  const notes = { description: '', metadata: { a: 'b' }, salt: new Uint8Array(16) };
  expect(provenEntry(rich, seal, notes)).toEqual({
    ...{ ...head, kind: 'branch-opened', groupId: holdId, groupIndex: 0, actor: 'teller 7' },
    metadata: { a: 'b' },
  });
});
