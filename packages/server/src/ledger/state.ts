import type { AccountRef, InternalKind } from '@giro/sdk/protocol';

/** A branch as its journal leaves it. */
export interface BranchState {
  readonly id: number;
  /** Position of the last entry. */
  readonly position: number;
  /** Time of the last entry, microseconds since 1970. Below 2^53 until the year 2255. */
  readonly timeMicros: number;
  /** The serial that the next customer's account gets. */
  readonly nextSerial: number;
  /** Customers' accounts that are not closed. */
  readonly openAccounts: number;
  readonly closed: boolean;
  /** Hash of the seal of the last commit; 32 zero bytes before the first (R9). */
  readonly headHash: Buffer;
}

/** Who owns an account: a customer, or the bank for one of its own purposes. */
export type AccountKind = 'customer' | InternalKind;

/** Open; frozen: no new debits or holds; closed: no debits, no credits, for good (R10). */
export type AccountStatus = 'open' | 'frozen' | 'closed';

/** An account as its branch's journal leaves it (R3). */
export interface AccountState {
  readonly branch: number;
  readonly serial: number;
  readonly kind: AccountKind;
  /** The holder of a customer's account. */
  readonly customer: string | undefined;
  /** The other branch, of an interbranch account. */
  readonly peerBranch: number | undefined;
  readonly currency: string;
  readonly status: AccountStatus;
  /** How far a customer's account may go below zero: minor units, 0 or more (R4). */
  readonly overdraftLimit: bigint;
  /** Lifetime totals; they never fall, and are as wide as they need to be (R2). */
  readonly postedDebits: bigint;
  readonly postedCredits: bigint;
  /** What the open holds have reserved on either side. */
  readonly heldDebits: bigint;
  readonly heldCredits: bigint;
  readonly metadata: Readonly<Record<string, string>>;
  /** Position of the last entry that changed the account. */
  readonly position: number;
  readonly openedMicros: number;
}

/** Resolved at most once, by whatever comes first. */
export type HoldStatus = 'held' | 'captured' | 'released' | 'expired';

/** A hold's part in one branch, as the branch's journal leaves it. */
export interface HoldState {
  readonly branch: number;
  /** The id of the write that placed it. */
  readonly id: string;
  readonly debit: number;
  readonly credit: number;
  readonly amount: bigint;
  readonly currency: string;
  /** Microseconds since 1970; undefined if it does not expire. */
  readonly expiresMicros: number | undefined;
  /** For a hold between branches, the account at the other end. */
  readonly counterparty: AccountRef | undefined;
  readonly status: HoldStatus;
  /** What was captured; undefined unless captured. */
  readonly captured: bigint | undefined;
  /** The write that captured or released it. */
  readonly resolvedBy: string | undefined;
  /** Where it was placed. */
  readonly position: number;
  readonly placedMicros: number;
}

/** The balance by the account's normal side: a vault's and an expense's is its debits' surplus, any other's its credits' (R3). */
export function balanceOf(account: Pick<AccountState, 'kind' | 'postedDebits' | 'postedCredits'>): bigint {
  return normalBalance(account.kind, account);
}

/** {@link balanceOf} what an account of a kind has posted. */
export function normalBalance(
  kind: AccountKind,
  { postedDebits, postedCredits }: Pick<AccountState, 'postedDebits' | 'postedCredits'>,
): bigint {
  return isDebitNormal(kind) ? postedDebits - postedCredits : postedCredits - postedDebits;
}

export function isDebitNormal(kind: AccountKind): boolean {
  return kind === 'vault' || kind === 'expense';
}

/**
 * What can be taken out of an account now (R3, R4). What is held on the side that takes out counts against it; what is
 * held on the other side never helps.
 */
export function availableIn(account: AccountState): bigint {
  const held = isDebitNormal(account.kind) ? account.heldCredits : account.heldDebits;
  return balanceOf(account) - held + account.overdraftLimit;
}
