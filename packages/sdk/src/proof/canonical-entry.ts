import type { AccountRef } from '../ids/account-id.js';
import type { InternalKind } from '../ids/internal-account.js';
import {
  currency,
  hash32,
  i16,
  i64,
  leafOf,
  list,
  optional,
  readWhole,
  writeWhole,
  record,
  text,
  u16,
  u64,
  u8,
  uuid,
  word,
  writtenBy,
  type Layout,
} from './byte-layout.js';

/** What the canonical bytes of an entry say: all of it but the text of its notes, which can be erased. */
export interface CanonicalEntry {
  /** 0..9999 */
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: number;
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: number;
  /** The write that made the entry: a UUID in lower case. */
  readonly writeId: string;
  /** Which of the write's entries in this branch: 0, 1, …; -1 for the expiry of the write's hold. */
  readonly ordinal: number;
  /** The group whose member the write is, and which. */
  readonly group: { readonly id: string; readonly index: number } | undefined;
  /** Who asked for the write. */
  readonly actor: string | undefined;
  /** SHA-256 of the salted description and metadata, see {@link notesHash}. */
  readonly notes: { readonly hash: Uint8Array } | undefined;
  /** The write's normalized body, with ordinal 0. */
  readonly body: string | undefined;
  readonly change: CanonicalChange;
}

/** What an entry changes. Accounts are named by their serials in the entry's branch. */
export type CanonicalChange =
  | { readonly kind: 'branchOpened' | 'branchClosed' }
  | {
      readonly kind: 'accountOpened';
      readonly serial: number;
      readonly accountKind: 'customer' | InternalKind;
      readonly customer: string | undefined;
      readonly peerBranch: number | undefined;
      readonly currency: string;
    }
  | {
      readonly kind: 'posting';
      readonly debit: number;
      readonly credit: number;
      /** Minor units, like all amounts here. */
      readonly amount: bigint;
      readonly currency: string;
      /** Balances right after, each by its account's normal side. */
      readonly debitBalance: bigint;
      readonly creditBalance: bigint;
      /** For a transfer between branches, the account at the other end. */
      readonly counterparty: AccountRef | undefined;
      /** The hold that was captured, and what it had reserved. */
      readonly capture: { readonly hold: string; readonly held: bigint } | undefined;
      /** The write that the posting reverses. */
      readonly reversalOf: string | undefined;
    }
  | {
      readonly kind: 'refusal';
      readonly refusal: { readonly reason: string; readonly metadata: Readonly<Record<string, string>> };
    }
  | {
      readonly kind: 'holdPlaced';
      readonly debit: number;
      readonly credit: number;
      readonly amount: bigint;
      readonly currency: string;
      /** Microseconds since 1970; undefined if it does not expire. */
      readonly expiresMicros: number | undefined;
      readonly counterparty: AccountRef | undefined;
    }
  | {
      readonly kind: 'holdReleased' | 'holdExpired';
      readonly hold: string;
      readonly debit: number;
      readonly credit: number;
      readonly amount: bigint;
      readonly currency: string;
    }
  | {
      readonly kind: 'accountStatusChanged';
      readonly serial: number;
      readonly status: 'open' | 'frozen' | 'closed';
    }
  | {
      readonly kind: 'overdraftLimitChanged';
      readonly serial: number;
      readonly limit: bigint;
      readonly currency: string;
    }
  | { readonly kind: 'accountMetadataChanged'; readonly serial: number }
  | {
      readonly kind: 'groupOpened';
      /** In all branches. */
      readonly members: number;
      readonly branches: readonly number[];
      /** The group that this one reverses. */
      readonly reversalOf: string | undefined;
    };

/** The version of the layout, and the first byte of every entry (docs/format.md). */
export const CANONICAL_VERSION = 1;

/** The numbers of the kinds of changes; fixed for ever. */
export const CHANGE_NUMBERS = {
  branchOpened: 1,
  accountOpened: 2,
  posting: 3,
  refusal: 4,
  holdPlaced: 5,
  holdReleased: 6,
  holdExpired: 7,
  accountStatusChanged: 8,
  overdraftLimitChanged: 9,
  accountMetadataChanged: 10,
  branchClosed: 11,
  groupOpened: 12,
} as const satisfies Record<CanonicalChange['kind'], number>;

/** The numbers of the kinds of accounts: those of the wire. */
export const ACCOUNT_KIND_NUMBERS = {
  customer: 1,
  vault: 2,
  capital: 3,
  interbranch: 4,
  exchange: 5,
  income: 6,
  expense: 7,
} as const satisfies Record<'customer' | InternalKind, number>;

/** The numbers of the states of accounts: those of the wire. */
export const ACCOUNT_STATUS_NUMBERS = { open: 1, frozen: 2, closed: 3 } as const;

/**
 * The one sequence of bytes that stands for an entry (R9).
 *
 * @throws RangeError if a field is out of its range
 */
export function encodeEntry(entry: CanonicalEntry): Buffer {
  return writeWhole(entryLayout, entry);
}

/**
 * The hash of {@link encodeEntry} as a leaf of its seal's Merkle tree.
 *
 * @throws RangeError if a field is out of its range
 */
export function entryLeaf(entry: CanonicalEntry): Buffer {
  return leafOf(entryLayout, entry);
}

/**
 * Reads {@link encodeEntry} back.
 *
 * @throws RangeError if the bytes are none that it makes: another version, a damaged text, bytes too many or too few
 */
export function decodeEntry(bytes: Uint8Array): CanonicalEntry {
  return readWhole(entryLayout, bytes);
}

type Kind = CanonicalChange['kind'];
type Place = Pick<CanonicalEntry, 'branch' | 'position' | 'timeMicros'>;
type Source = Pick<CanonicalEntry, 'writeId' | 'ordinal' | 'group' | 'actor' | 'notes' | 'body'>;
/** The fields of one kind of change. */
type Fields<K extends Kind> = OfKind<CanonicalChange, K>;
type OfKind<Change, K> = Change extends { readonly kind: infer Own }
  ? K extends Own
    ? Omit<Change, 'kind'>
    : never
  : never;

const kind = word(CHANGE_NUMBERS);

const place = writtenBy(
  record<Place>({ branch: u16, position: u64, timeMicros: u64 }),
  (to, { branch, position, timeMicros }) => {
    u16.write(to, branch);
    u64.write(to, position);
    u64.write(to, timeMicros);
  },
);

const shortText = text(2);

/** An empty text says that there is none. */
const actor: Layout<string | undefined> = {
  write: (to, value) => {
    shortText.write(to, value ?? '');
  },
  read: (from) => {
    const value = shortText.read(from);
    return value === '' ? undefined : value;
  },
};

const group = optional(record<NonNullable<Source['group']>>({ id: uuid, index: u16 }));

const notes = optional(record<NonNullable<Source['notes']>>({ hash: hash32 }));

const body = optional(text(4));

const source = writtenBy(
  record<Source>({ writeId: uuid, ordinal: i16, group, actor, notes, body }),
  (to, entry) => {
    uuid.write(to, entry.writeId);
    i16.write(to, entry.ordinal);
    group.write(to, entry.group);
    actor.write(to, entry.actor);
    notes.write(to, entry.notes);
    body.write(to, entry.body);
  },
);

const counterparty = optional(record<AccountRef>({ branch: u16, serial: u64 }));

/** Keys in order of their UTF-16 code units, each once. */
const metadata: Layout<Readonly<Record<string, string>>> = {
  write: (to, value) => {
    const keys = Object.keys(value).sort();
    pairs.write(
      to,
      keys.map((key) => ({ key, value: value[key] ?? '' })),
    );
  },
  read: (from) => {
    const read = pairs.read(from);
    const disorder = read.some(({ key }, index) => index > 0 && key <= (read[index - 1]?.key ?? ''));
    if (disorder) throw new RangeError('keys that are not in order');
    return Object.fromEntries(read.map(({ key, value }) => [key, value]));
  },
};

const pairs = list(record({ key: shortText, value: shortText }));

const moved = { debit: u64, credit: u64, amount: i64, currency };

const nothing = record({});

const resolved = record<Fields<'holdReleased'>>({ hold: uuid, ...moved });

const capture = optional(record<NonNullable<Fields<'posting'>['capture']>>({ hold: uuid, held: i64 }));

const reversalOf = optional(uuid);

const posting = writtenBy(
  record<Fields<'posting'>>({
    ...moved,
    debitBalance: i64,
    creditBalance: i64,
    counterparty,
    capture,
    reversalOf,
  }),
  (to, change) => {
    u64.write(to, change.debit);
    u64.write(to, change.credit);
    i64.write(to, change.amount);
    currency.write(to, change.currency);
    i64.write(to, change.debitBalance);
    i64.write(to, change.creditBalance);
    counterparty.write(to, change.counterparty);
    capture.write(to, change.capture);
    reversalOf.write(to, change.reversalOf);
  },
);

const changes: { readonly [K in Kind]: Layout<Fields<K>> } = {
  branchOpened: nothing,
  accountOpened: record<Fields<'accountOpened'>>({
    serial: u64,
    accountKind: word(ACCOUNT_KIND_NUMBERS),
    customer: optional(shortText),
    peerBranch: optional(u16),
    currency,
  }),
  posting,
  refusal: record<Fields<'refusal'>>({ refusal: record({ reason: shortText, metadata }) }),
  holdPlaced: record<Fields<'holdPlaced'>>({ ...moved, expiresMicros: optional(u64), counterparty }),
  holdReleased: resolved,
  holdExpired: resolved,
  accountStatusChanged: record<Fields<'accountStatusChanged'>>({
    serial: u64,
    status: word(ACCOUNT_STATUS_NUMBERS),
  }),
  overdraftLimitChanged: record<Fields<'overdraftLimitChanged'>>({ serial: u64, limit: i64, currency }),
  accountMetadataChanged: record<Fields<'accountMetadataChanged'>>({ serial: u64 }),
  branchClosed: nothing,
  groupOpened: record<Fields<'groupOpened'>>({
    members: u16,
    branches: list(u16),
    reversalOf,
  }),
};

const entryLayout: Layout<CanonicalEntry> = {
  write: (to, entry) => {
    const { change } = entry;
    u8.write(to, CANONICAL_VERSION);
    place.write(to, entry);
    kind.write(to, change.kind);
    source.write(to, entry);
    fieldsOf(change.kind).write(to, change);
  },
  read: (from) => {
    const version = u8.read(from);
    if (version !== CANONICAL_VERSION) throw new RangeError(`version ${version} is not known here`);
    const where = place.read(from);
    const read = kind.read(from);
    const entry = { ...where, ...source.read(from) };
    return { ...entry, change: { ...fieldsOf(read).read(from), kind: read } as CanonicalChange };
  },
};

/** A layout is only ever asked for the kind that it is of. */
function fieldsOf(kind: Kind): Layout<object> {
  return changes[kind];
}
