import { DatabaseError } from 'pg';
import { StoreError, type StoreFailure } from './store.js';

/**
 * Says what an error of the driver means for the transaction it struck.
 *
 * @param commitSent - whether the commit was on its way: then a lost connection leaves the outcome unknown
 */
export function storeError(error: unknown, commitSent: boolean): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(failureOf(error, commitSent), error);
}

function failureOf(error: unknown, commitSent: boolean): StoreFailure {
  const sqlState = error instanceof DatabaseError ? error.code : undefined;
  if (sqlState === undefined) return commitSent ? 'unknown' : 'unavailable';
  if (CONFLICTS.has(sqlState)) return 'conflict';
  if (sqlState.startsWith('22') || sqlState.startsWith('23')) return 'rejected';
  if (SESSION_ENDED.has(sqlState)) return commitSent ? 'unknown' : 'unavailable';
  return 'unavailable';
}

/** Serialization failure, deadlock, lock timeout, and the division by zero by which a missed fence shows. */
const CONFLICTS = new Set(['40001', '40P01', '55P03', '22012']);

/** The server ended the session: terminated, crashed, or idle in a transaction for too long. */
const SESSION_ENDED = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '08006', '08003']);
