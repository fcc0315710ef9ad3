import type { AccountRef, Reason, ReasonMetadata } from '@giro/sdk/protocol';
import type { AccountKind } from './state.js';

/** One change of a branch's state, at its place in the branch's journal (R8). */
export interface Entry {
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: number;
  /** Microseconds since 1970; strictly increases with the position. */
  readonly timeMicros: number;
  /** The write that made the entry. */
  readonly writeId: string;
  /** Which of the write's entries in this branch: 0, 1, … */
  readonly ordinal: number;
  /** The write's whole normalized body, kept with ordinal 0 in every branch that the write touches (R5). */
  readonly body: string | undefined;
  readonly change: Change;
}

/** What an entry changes. */
export type Change = BranchOpened | AccountOpened | Posting | RefusalFrozen;

export interface BranchOpened {
  readonly kind: 'branchOpened';
}

export interface AccountOpened {
  readonly kind: 'accountOpened';
  readonly serial: number;
  readonly accountKind: AccountKind;
  readonly customer: string | undefined;
  readonly peerBranch: number | undefined;
  readonly currency: string;
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
  /** For a transfer between branches, the customer's account in the other one. */
  readonly counterparty: AccountRef | undefined;
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
