import { JournalMisfit } from '../ledger/journal-misfit.js';
import type { JournalVerifier } from '../ledger/journal-verifier.js';
import type { JournalHead } from '../ledger/seal.js';

/** What a verification tells: how far it has got, and at last what it has found. */
export type VerificationEvent = VerificationProgress | VerificationResult;

export interface VerificationProgress {
  readonly kind: 'progress';
  /** Verified so far. */
  readonly position: number;
  /** Where the journal ended when the verification began. */
  readonly lastPosition: number;
}

export interface VerificationResult {
  readonly kind: 'result';
  /** The last position verified; with a problem, the one before it. */
  readonly position: number;
  /** The first position that does not fit, and why; undefined if all is well. */
  readonly problem: { readonly position: number; readonly message: string } | undefined;
  /** The last seal that fits. */
  readonly head: JournalHead;
}

/** What is to be said once everything fits. */
export function soundResult({ position, head }: JournalVerifier): VerificationResult {
  return { kind: 'result', position, problem: undefined, head };
}

/** What is to be said of what did not fit. @throws `error` if it tells of anything else */
export function misfitResult({ head }: JournalVerifier, error: unknown): VerificationResult {
  if (!(error instanceof JournalMisfit)) throw error;
  const { position, message } = error;
  return { kind: 'result', position: Math.max(position - 1, 0), problem: { position, message }, head };
}
