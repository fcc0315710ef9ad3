import type { Money } from '../money/money.js';
import type { Receipt } from './receipt.js';

/** Who an account belongs to. `unknown` is a kind that a newer server has and this client does not know. */
export type AccountKind = 'customer' | 'vault' | 'capital' | 'interbranch' | 'unknown';

/** A line in one branch's books, in one currency. */
export interface Account {
  /** `<branch>-<serial>-<check>` */
  readonly id: string;
  readonly branch: number;
  readonly kind: AccountKind;
  /** The holder, for a customer's account. */
  readonly customer?: string;
  /** The other branch, for an interbranch account. */
  readonly peerBranch?: number;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Lifetime total in minor units; never falls, and may be wider than 64 bits. */
  readonly postedDebits: bigint;
  /** Lifetime total in minor units; never falls, and may be wider than 64 bits. */
  readonly postedCredits: bigint;
  /** Credits minus debits; for the vault, debits minus credits. */
  readonly balance: Money;
  /** What can be taken out now. */
  readonly available: Money;
  /** The last entry of its branch's journal that changed this account. */
  readonly position: bigint;
  readonly openedTime: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly openedTimeMicros: bigint;
}

/** An account as it was opened, with the receipt of its opening. */
export interface OpenedAccount extends Account {
  readonly customer: string;
  readonly receipt: Receipt;
}

/** One posting, seen from one of its two accounts. */
export interface StatementLine {
  readonly position: bigint;
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** The id of the write that made the posting. */
  readonly transferId: string;
  readonly side: 'debit' | 'credit';
  /** Always positive; {@link side} says which way. */
  readonly amount: Money;
  /** The account's balance right after the posting. */
  readonly balance: Money;
  /** The account at the other end: for a transfer between branches the other customer's. */
  readonly counterparty: string;
}
