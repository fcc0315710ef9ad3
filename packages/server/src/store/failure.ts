import { DatabaseError } from 'pg';
import { StoreError, type StoreFailure } from './store.js';

/** How far a transaction had come when an error struck it. */
export interface Progress {
  /** Whether the connection was still there. */
  readonly alive: boolean;
  /** Whether the commit was on its way: then a lost connection leaves the outcome unknown. */
  readonly commitSent: boolean;
}

/** Says what an error means for the transaction it struck. */
export function storeError(error: unknown, progress: Progress): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(failureOf(error, progress), error);
}

function failureOf(error: unknown, { alive, commitSent }: Progress): StoreFailure {
  const lost = commitSent ? 'unknown' : 'unavailable';
  // Not the database's error, and not the connection's: the commands could not be loaded or decided.
  if (!(error instanceof DatabaseError)) return alive && !commitSent ? 'rejected' : lost;
  const { code = '' } = error;
  if (CONFLICTS.has(code)) return 'conflict';
  if (REJECTED.test(code)) return 'rejected';
  return SESSION_ENDED.test(code) ? lost : 'unavailable';
}

/** Serialization failure, deadlock, lock timeout, and the division by zero by which a missed fence shows. */
const CONFLICTS = new Set(['40001', '40P01', '55P03', '22012']);

/** Data that no column or constraint takes. */
const REJECTED = /^2[23]/;

/**
 * Connection exceptions, operator intervention, timeouts of the session, internal errors and "statement completion
 * unknown": after these, nobody has said that the transaction was rolled back.
 */
const SESSION_ENDED = /^(08|57|25P0[34]|XX|40003)/;
