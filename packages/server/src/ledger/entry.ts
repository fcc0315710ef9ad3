import type { AccountRef, Reason, ReasonMetadata } from '@giro/sdk/protocol';
import type { KeptNotes } from './notes.js';
import type { JournalHead } from './seal.js';
import type { AccountKind, AccountStatus } from './state.js';

/** One change of a branch's state, at its place in the branch's journal (R8). */
export interface Entry {
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: number;
  /** Microseconds since 1970; strictly increases with the position. */
  readonly timeMicros: number;
  /** The write that made the entry; of an expiry, the hold's. */
  readonly writeId: string;
  /** Which of the write's entries in this branch: 0, 1, …; {@link EXPIRY_ORDINAL} for the expiry of the write's hold. */
  readonly ordinal: number;
  /** The write's whole normalized body, kept with ordinal 0 in every branch that the write touches (R5). */
  readonly body: string | undefined;
  /** The group whose member the write is, and which. */
  readonly group: GroupPlace | undefined;
  /** Who asked for the write. */
  readonly actor: string | undefined;
  readonly notes: KeptNotes | undefined;
  readonly change: Change;
  /** The seal that covers the entry; undefined until it is sealed. */
  readonly seal: JournalHead | undefined;
}

/** An expiry is none of the write's own entries: it comes later, by itself. */
export const EXPIRY_ORDINAL = -1;

/** A place in a group. */
export interface GroupPlace {
  readonly id: string;
  /** 0, 1, 2, … in the order of the members. */
  readonly index: number;
}

/** What an entry changes. */
export type Change =
  | BranchOpened
  | BranchClosed
  | AccountOpened
  | AccountStatusChanged
  | OverdraftLimitChanged
  | AccountMetadataChanged
  | Posting
  | HoldPlaced
  | HoldResolved
  | GroupOpened
  | RefusalFrozen;

export interface BranchOpened {
  readonly kind: 'branchOpened';
}

export interface BranchClosed {
  readonly kind: 'branchClosed';
}

export interface AccountOpened {
  readonly kind: 'accountOpened';
  readonly serial: number;
  readonly accountKind: AccountKind;
  readonly customer: string | undefined;
  readonly peerBranch: number | undefined;
  readonly currency: string;
}

export interface AccountStatusChanged {
  readonly kind: 'accountStatusChanged';
  readonly serial: number;
  readonly status: AccountStatus;
}

export interface OverdraftLimitChanged {
  readonly kind: 'overdraftLimitChanged';
  readonly serial: number;
  /** Minor units, 0 or more. */
  readonly limit: bigint;
  readonly currency: string;
}

/** The new metadata is that of the entry's notes. */
export interface AccountMetadataChanged {
  readonly kind: 'accountMetadataChanged';
  readonly serial: number;
}

/** A debit and a credit of the same positive amount in one branch and currency (R1). */
export interface Posting {
  readonly kind: 'posting';
  readonly debit: number;
  readonly credit: number;
  readonly amount: bigint;
  readonly currency: string;
  /** Balances right after the posting, each by its account's normal side. */
  readonly debitBalance: bigint;
  readonly creditBalance: bigint;
  /** For a transfer between branches, the account at the other end. */
  readonly counterparty: AccountRef | undefined;
  /** The hold that the posting captures. */
  readonly capture: Captured | undefined;
  /** The id of the write that the posting reverses. */
  readonly reversalOf: string | undefined;
}

/** What a capture does to the hold: nothing of it stays reserved. */
export interface Captured {
  readonly hold: string;
  /** What the hold had reserved. */
  readonly held: bigint;
}

/** An amount reserved on both accounts of a posting to come. The hold's id is the write's. */
export interface HoldPlaced {
  readonly kind: 'holdPlaced';
  readonly debit: number;
  readonly credit: number;
  readonly amount: bigint;
  readonly currency: string;
  /** Microseconds since 1970; undefined if it does not expire. */
  readonly expiresMicros: number | undefined;
  /** For a hold between branches, the account at the other end. */
  readonly counterparty: AccountRef | undefined;
}

/** The reserved amount is free again. */
export interface HoldResolved {
  readonly kind: 'holdReleased' | 'holdExpired';
  readonly hold: string;
  readonly debit: number;
  readonly credit: number;
  /** The whole amount of the hold. */
  readonly amount: bigint;
  readonly currency: string;
}

/** The first entry of a group in each branch; its members' entries follow. */
export interface GroupOpened {
  readonly kind: 'groupOpened';
  /** How many members the group has in all branches. */
  readonly members: number;
  /** All branches that the group touches, in order. */
  readonly branches: readonly number[];
  /** The group that this one reverses. */
  readonly reversalOf: string | undefined;
}

/** A refusal is recorded too, so that its id gets the same answer for ever (R5). */
export interface RefusalFrozen {
  readonly kind: 'refusal';
  readonly refusal: Refusal;
}

/** A definite no. */
export interface Refusal {
  readonly reason: Reason;
  readonly metadata: ReasonMetadata;
}
