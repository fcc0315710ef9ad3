import type { Failure } from './failure.js';
import { backoffs } from './retry-policy.js';

/** The attempts of a call so far. */
export interface Attempts {
  readonly attempts: number;
  /** How often the call turned to the next server. */
  readonly turn: number;
  /** Whether any may have left this process. */
  readonly sent: boolean;
  /** Whether any may have been applied. */
  readonly mayBeApplied: boolean;
  /** Whether one was made again with a new token. */
  readonly renewed: boolean;
}

export const noAttempts: Attempts = {
  attempts: 0,
  turn: 0,
  sent: false,
  mayBeApplied: false,
  renewed: false,
};

export const firstAttempt: Attempts = { ...noAttempts, attempts: 1 };

export function addAttempt(
  { attempts, turn, sent, mayBeApplied, renewed }: Attempts,
  failure: Failure,
): Attempts {
  return {
    attempts: attempts + 1,
    turn: backoffs[failure.reason]?.failover === true ? turn + 1 : turn,
    sent: sent || failure.sent,
    mayBeApplied: mayBeApplied || failure.mayBeApplied,
    renewed,
  };
}
