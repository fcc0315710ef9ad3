import type { InternalKind } from '@giro/sdk/protocol';

/** A branch as its journal leaves it. */
export interface BranchState {
  readonly id: number;
  /** Position of the last entry. */
  readonly position: number;
  /** Time of the last entry, microseconds since 1970. Below 2^53 until the year 2255. */
  readonly timeMicros: number;
  /** The serial that the next customer's account gets. */
  readonly nextSerial: number;
}

/** Who owns an account: a customer, or the bank for one of its own purposes. */
export type AccountKind = 'customer' | InternalKind;

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
  /** Lifetime totals; they never fall, and are as wide as they need to be (R2). */
  readonly postedDebits: bigint;
  readonly postedCredits: bigint;
  /** Position of the last entry that changed the account. */
  readonly position: number;
  readonly openedMicros: number;
}

/** The balance by the account's normal side: a vault's is its debits' surplus, any other's its credits' (R3). */
export function balanceOf(account: Pick<AccountState, 'kind' | 'postedDebits' | 'postedCredits'>): bigint {
  const surplus = account.postedCredits - account.postedDebits;
  return account.kind === 'vault' ? -surplus : surplus;
}

/** What can be taken out of an account now (R3, R4). */
export function availableIn(account: AccountState): bigint {
  return balanceOf(account);
}
