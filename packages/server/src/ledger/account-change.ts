import { AMOUNT_MAX } from '@giro/sdk/protocol';
import type { AccountState } from './state.js';

/** What is added to an account's counters; what is resolved is taken off the held ones. */
export interface CounterChange {
  readonly postedDebits?: bigint;
  readonly postedCredits?: bigint;
  readonly heldDebits?: bigint;
  readonly heldCredits?: bigint;
}

/** What an account has posted and held. */
export type Counters = Pick<AccountState, 'postedDebits' | 'postedCredits' | 'heldDebits' | 'heldCredits'>;

export function countersAfter(before: Counters, change: CounterChange): Counters {
  return {
    postedDebits: before.postedDebits + (change.postedDebits ?? 0n),
    postedCredits: before.postedCredits + (change.postedCredits ?? 0n),
    heldDebits: before.heldDebits + (change.heldDebits ?? 0n),
    heldCredits: before.heldCredits + (change.heldCredits ?? 0n),
  };
}

/** The account after an entry at a position. Written out field by field: a spread of so many costs ten times as much. */
export function withCounters(account: AccountState, change: CounterChange, position: number): AccountState {
  const counters = countersAfter(account, change);
  return {
    branch: account.branch,
    serial: account.serial,
    kind: account.kind,
    customer: account.customer,
    peerBranch: account.peerBranch,
    currency: account.currency,
    status: account.status,
    overdraftLimit: account.overdraftLimit,
    postedDebits: counters.postedDebits,
    postedCredits: counters.postedCredits,
    heldDebits: counters.heldDebits,
    heldCredits: counters.heldCredits,
    metadata: account.metadata,
    position,
    openedMicros: account.openedMicros,
  };
}

/** Tells whether the balance is within 64 bits, and would still be if every hold were captured (R2). */
export function fitsCounters({ postedDebits, postedCredits, heldDebits, heldCredits }: Counters): boolean {
  const surplus = postedCredits - postedDebits;
  return surplus + heldCredits <= AMOUNT_MAX && surplus - heldDebits >= -AMOUNT_MAX;
}
