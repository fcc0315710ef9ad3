import type { Money } from '../money/money.js';
import type { AccountKind, AccountState } from './account.js';
import type { JournalHead } from './receipt.js';
import type { Metadata } from './write-params.js';

/** One change of a branch's state; `kind` tells which. */
export type Entry =
  | BranchOpenedEntry
  | BranchClosedEntry
  | AccountOpenedEntry
  | AccountStateChangedEntry
  | OverdraftLimitChangedEntry
  | AccountMetadataChangedEntry
  | PostingEntry
  | HoldPlacedEntry
  | HoldReleasedEntry
  | HoldExpiredEntry
  | GroupOpenedEntry
  | RefusalEntry
  | UnknownEntry;

/** What every entry has. */
export interface EntryHead {
  /** The branch whose journal it is in: 0..9999. */
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: bigint;
  /** The seal that covers the position, where it is told. */
  readonly seal?: JournalHead;
  /** To the millisecond. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z; it strictly increases with the position. */
  readonly timeMicros: bigint;
  /** The id of the write that made this entry; of an expiry, the hold's. */
  readonly writeId: string;
  /** The group whose member made this entry. */
  readonly groupId?: string;
  /** Which member of the group, from 0. */
  readonly groupIndex?: number;
  /** Who asked for the write, if calls are authenticated. */
  readonly actor?: string;
  readonly description?: string;
  readonly metadata: Metadata;
}

/** The branch was initialized. */
export interface BranchOpenedEntry extends EntryHead {
  readonly kind: 'branch-opened';
}

/** The branch was closed for good. */
export interface BranchClosedEntry extends EntryHead {
  readonly kind: 'branch-closed';
}

/** An account was opened, by a customer or by the bank itself. */
export interface AccountOpenedEntry extends EntryHead {
  readonly kind: 'account-opened';
  readonly account: string;
  readonly accountKind: AccountKind;
  /** The holder, for a customer's account. */
  readonly customer?: string;
  /** The other branch, for an interbranch account. */
  readonly peerBranch?: number;
  readonly currency: string;
}

/** An account was frozen, unfrozen or closed. */
export interface AccountStateChangedEntry extends EntryHead {
  readonly kind: 'account-state-changed';
  readonly account: string;
  readonly state: AccountState;
}

/** How far below zero an account may go has changed. */
export interface OverdraftLimitChangedEntry extends EntryHead {
  readonly kind: 'overdraft-limit-changed';
  readonly account: string;
  readonly limit: Money;
}

/** An account's metadata was replaced by that of the entry. */
export interface AccountMetadataChangedEntry extends EntryHead {
  readonly kind: 'account-metadata-changed';
  readonly account: string;
}

/** One account was debited and another credited by the same amount. */
export interface PostingEntry extends EntryHead {
  readonly kind: 'posting';
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly amount: Money;
  /** Balance of the debited account right after. */
  readonly debitBalance: Money;
  /** Balance of the credited account right after. */
  readonly creditBalance: Money;
  /** For a transfer between branches, the customer's account in the other branch. */
  readonly counterparty?: string;
  /** The hold that was captured. */
  readonly holdId?: string;
  /** What that hold had reserved, all of which it reserves no longer. */
  readonly held?: Money;
  /** The transfer that this posting reverses. */
  readonly reversalOf?: string;
}

/** An amount was reserved for a transfer to come. */
export interface HoldPlacedEntry extends EntryHead {
  readonly kind: 'hold-placed';
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly amount: Money;
  /** Absent if it does not expire. */
  readonly expiresTime?: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly expiresTimeMicros?: bigint;
  /** For a hold between branches, the customer's account in the other branch. */
  readonly counterparty?: string;
}

/** A hold was released: it reserves nothing any longer. */
export interface HoldReleasedEntry extends EntryHead {
  readonly kind: 'hold-released';
  readonly holdId: string;
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly amount: Money;
}

/** A hold expired: it reserves nothing any longer. */
export interface HoldExpiredEntry extends EntryHead {
  readonly kind: 'hold-expired';
  readonly holdId: string;
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly amount: Money;
}

/** A group was applied. The entries of its members in this branch follow. */
export interface GroupOpenedEntry extends EntryHead {
  readonly kind: 'group-opened';
  /** How many members it has in all branches. */
  readonly members: number;
  /** The group that this one reverses. */
  readonly reversalOf?: string;
}

/** A write was refused for good: this is the answer to its id for ever. */
export interface RefusalEntry extends EntryHead {
  readonly kind: 'refusal';
  /** A reason of the catalogue; a plain string, since a newer server may know more. */
  readonly reason: string;
  readonly message: string;
  /** What the reason's meaning names: `account`, `available`, … */
  readonly details: Readonly<Record<string, string>>;
}

/** A change that a newer server makes and this client does not know. */
export interface UnknownEntry extends EntryHead {
  readonly kind: 'unknown';
}
