import { AMOUNT_MAX } from '@giro/sdk/protocol';
import type { AccountState } from './state.js';

/** What is added to an account's counters; what is resolved is taken off the held ones. */
export interface CounterChange {
  readonly postedDebits?: bigint;
  readonly postedCredits?: bigint;
  readonly heldDebits?: bigint;
  readonly heldCredits?: bigint;
}

export function withCounters(account: AccountState, change: CounterChange): AccountState {
  return {
    ...account,
    postedDebits: account.postedDebits + (change.postedDebits ?? 0n),
    postedCredits: account.postedCredits + (change.postedCredits ?? 0n),
    heldDebits: account.heldDebits + (change.heldDebits ?? 0n),
    heldCredits: account.heldCredits + (change.heldCredits ?? 0n),
  };
}

/** Tells whether the balance is within 64 bits, and would still be if every hold were captured (R2). */
export function fitsCounters({
  postedDebits,
  postedCredits,
  heldDebits,
  heldCredits,
}: AccountState): boolean {
  const surplus = postedCredits - postedDebits;
  return surplus + heldCredits <= AMOUNT_MAX && surplus - heldDebits >= -AMOUNT_MAX;
}
