import { DatabaseError } from 'pg';
import { NoPrimaryError } from './no-primary-error.js';

/** What keeps a database from being used, as whoever runs it should hear it. */
export interface DatabaseTrouble {
  /** A clause such as `its disk is full`; without passwords, and never empty. */
  readonly reason: string;
  /** The reason, if it is one that clients may hear of as well: it names no host, user or database. */
  readonly condition: string | undefined;
  /** Whether it may go away without anybody correcting the settings: then it is worth waiting. */
  readonly passing: boolean;
}

/** Says what an error that came of using the database means. */
export function databaseTrouble(error: unknown): DatabaseTrouble {
  const cause = rootOf(error);
  if (cause instanceof NoPrimaryError) {
    return { reason: cause.message, condition: undefined, passing: cause.passing };
  }
  const { code = '' } = cause instanceof DatabaseError ? cause : {};
  const condition = KNOWN[code];
  return {
    reason: condition ?? said(cause),
    condition,
    passing: !(cause instanceof DatabaseError) || PASSING.test(code),
  };
}

/** What is said better than the database does, which has only the failed statement in mind. */
const KNOWN: Readonly<Record<string, string>> = {
  '53100': 'its disk is full',
  '25006': 'it is read-only',
  '53300': 'it has no connection left',
};

/**
 * Connection exceptions (but not a rejected login, class 28), resources that have run out, operator intervention, a
 * conflict, a lock that was not had in time or a database closed for a while, a server that is read-only for the length of a failover, and a disk that
 * cannot be read or written.
 */
const PASSING = /^(08|40|53|55|57|58|25006$)/;

/** Trying several addresses in vain gives one error for each, and a store's error has the database's as its cause. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof Error && !(error instanceof DatabaseError) && error.cause !== undefined) {
    return rootOf(error.cause);
  }
  return error;
}

function said(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
