import type { Reason } from '../catalogue/catalogue.js';
import type { Idempotency } from './method.js';

/** How a class of calls is tried. */
export interface RetryPolicy {
  /** Deadline over all attempts, unless the caller sets one. */
  readonly timeoutMs: number;
  readonly attemptsMax: number;
  /** Whether a request that may have left this process may be sent again. */
  readonly resend: boolean;
}

/**
 * Retries by the proto's `idempotency_level`. A write with an id may be sent again whatever became of the attempt
 * before: one id has one outcome. One without is only taken elsewhere while nothing has been sent.
 */
export const retryPolicies: Readonly<Record<Idempotency, RetryPolicy>> = {
  NO_SIDE_EFFECTS: { timeoutMs: 5_000, attemptsMax: 4, resend: true },
  IDEMPOTENT: { timeoutMs: 15_000, attemptsMax: 5, resend: true },
  NONE: { timeoutMs: 15_000, attemptsMax: 5, resend: false },
};

/** A watch has no end of its own, so neither do its attempts; how long it may fail is bounded by its patience. */
export const watchPolicy: RetryPolicy = { timeoutMs: Infinity, attemptsMax: Infinity, resend: true };

/** What to do about a failure that may pass. */
export interface Backoff {
  /** The longest first wait; each further one doubles it. */
  readonly baseMs: number;
  /** Whether to turn to the next server in the branch's order. */
  readonly failover: boolean;
}

/** The failures worth another attempt. All others stand. */
export const backoffs: Readonly<Partial<Record<Reason, Backoff>>> = {
  UNAVAILABLE: { baseMs: 100, failover: true },
  OUTCOME_UNKNOWN: { baseMs: 100, failover: true },
  /** Its queue takes about a second to empty, and its branches' other servers would only wait for the same locks. */
  OVERLOADED: { baseMs: 1_000, failover: false },
  /** Of a watch alone: its reader is back when it asks again, and the server was well. */
  SLOW_READER: { baseMs: 100, failover: false },
};

/** No wait is longer: the callers' deadlines are a few seconds. */
export const BACKOFF_CAP_MS = 2_000;

/** Where a call stands after a failed attempt. */
export interface Standing {
  readonly policy: RetryPolicy;
  readonly reason: Reason;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Whether any of them may have left this process. */
  readonly sent: boolean;
  readonly servers: number;
  /** How long the server asked to be left alone at least, in milliseconds; negative for ever. */
  readonly pushbackMs?: number | undefined;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * How long to wait before the next attempt, in milliseconds, or undefined if there is to be none. The first turn to
 * another server is made at once; otherwise full jitter, on top of what the server asked for, so that clients which failed
 * together do not come back together.
 */
export function retryDelayMs({
  policy,
  reason,
  attempts,
  sent,
  servers,
  pushbackMs = 0,
  random,
}: Standing): number | undefined {
  const backoff = backoffs[reason];
  if (pushbackMs < 0) return undefined;
  if (backoff === undefined || attempts >= policy.attemptsMax || (sent && !policy.resend)) return undefined;
  if (backoff.failover && attempts === 1 && servers > 1) return 0;
  return pushbackMs + random() * Math.min(BACKOFF_CAP_MS, backoff.baseMs * 2 ** (attempts - 1));
}
