import type { Outcome } from '../ledger/execute.js';
import type { Seal } from '../ledger/seal.js';

/** A batch that is durable. */
export interface CommittedBatch {
  /** One for each command. */
  readonly outcomes: readonly Outcome[];
  /** What it appended: one for each branch whose journal grew. */
  readonly seals: readonly Seal[];
  /** From the begin of its last transaction to the word that it is durable. */
  readonly durationMs: number;
  /** Whether it was decided on what the server remembered, without locks. */
  readonly optimistic: boolean;
}

/** Hears what becomes of batches: once for each, never once for each command. Must not throw, nor take long. */
export interface CommitObserver {
  committed(batch: CommittedBatch): void;
  /** An attempt failed; it is made again, or the batch is given up. */
  attemptFailed(error: unknown): void;
  /** A batch was given up: its callers are told that there is no decision. */
  gaveUp(error: unknown): void;
}

/** Hears nothing. */
export const NO_OBSERVER: CommitObserver = {
  committed: () => undefined,
  attemptFailed: () => undefined,
  gaveUp: () => undefined,
};
