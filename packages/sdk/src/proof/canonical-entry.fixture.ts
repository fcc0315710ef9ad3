import fc from 'fast-check';
import { AMOUNT_MAX } from '../limits.js';
import {
  ACCOUNT_KIND_NUMBERS,
  ACCOUNT_STATUS_NUMBERS,
  type CanonicalChange,
  type CanonicalEntry,
} from './canonical-entry.js';

const keysOf = <Key extends string>(numbers: Readonly<Record<Key, number>>) => Object.keys(numbers) as Key[];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const branch = fc.integer({ min: 0, max: 9_999 });
const serial = fc.integer({ min: 1, max: 9_999_999_999 });
const uuid = fc.uuid();
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const currency = fc.stringMatching(/^[A-Z]{3}$/);
const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const balance = fc.bigInt(-AMOUNT_MAX, AMOUNT_MAX);
const amount = fc.bigInt(1n, AMOUNT_MAX);
const counterparty = maybe(fc.record({ branch, serial }));
const moved = { debit: serial, credit: serial, amount, currency };

/** Changes of every kind. */
const changes: fc.Arbitrary<CanonicalChange> = fc.oneof(
  fc.record({ kind: fc.constantFrom('branchOpened', 'branchClosed') }),
  fc.record({
    kind: fc.constant('accountOpened'),
    serial,
    accountKind: fc.constantFrom(...keysOf(ACCOUNT_KIND_NUMBERS)),
    customer: maybe(text),
    peerBranch: maybe(branch),
    currency,
  }),
  fc.record({
    kind: fc.constant('posting'),
    ...moved,
    debitBalance: balance,
    creditBalance: balance,
    counterparty,
    capture: maybe(fc.record({ hold: uuid, held: amount })),
    reversalOf: maybe(uuid),
  }),
  fc.record({
    kind: fc.constant('refusal'),
    refusal: fc.record({ reason: text, metadata: fc.dictionary(text, text, { noNullPrototype: true }) }),
  }),
  fc.record({ kind: fc.constant('holdPlaced'), ...moved, expiresMicros: maybe(time), counterparty }),
  fc.record({ kind: fc.constantFrom('holdReleased', 'holdExpired'), hold: uuid, ...moved }),
  fc.record({
    kind: fc.constant('accountStatusChanged'),
    serial,
    status: fc.constantFrom(...keysOf(ACCOUNT_STATUS_NUMBERS)),
  }),
  fc.record({
    kind: fc.constant('overdraftLimitChanged'),
    serial,
    limit: fc.bigInt(0n, AMOUNT_MAX),
    currency,
  }),
  fc.record({ kind: fc.constant('accountMetadataChanged'), serial }),
  fc.record({
    kind: fc.constant('groupOpened'),
    members: fc.integer({ min: 1, max: 1_000 }),
    branches: fc.array(branch),
    reversalOf: maybe(uuid),
  }),
);

/** Entries of every kind, with and without all that is optional. They need not make sense as a journal. */
export const entries: fc.Arbitrary<CanonicalEntry> = fc.record({
  branch,
  position: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  timeMicros: time,
  writeId: uuid,
  ordinal: fc.integer({ min: -1, max: 32_767 }),
  group: maybe(fc.record({ id: uuid, index: fc.integer({ min: 0, max: 999 }) })),
  actor: maybe(text),
  notes: maybe(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => ({ hash: Buffer.from(bytes) })),
  ),
  body: maybe(text),
  change: changes,
});
