import type { Books } from '../ledger/books.js';
import type { Command } from '../ledger/command.js';
import type { BatchChanges } from '../ledger/execute-batch.js';
import type { Seal } from '../ledger/seal.js';

/** Where the books are kept. The commit path is the only one to change them. */
export interface Store {
  /**
   * One transaction: loads what the commands need, lets `decide` change the books, and makes the changes that it gives
   * back durable before it resolves (R11).
   *
   * Transactions are begun one at a time; the next may begin as soon as `sent` was called. Should this one fail, those
   * behind it that build on it fail too, as conflicts.
   *
   * @param decide - synchronous; called at most once
   * @throws {@link StoreError} if the transaction did not, or may not have, happened
   */
  transact(
    commands: readonly Command[],
    decide: (loaded: LoadedBooks) => BatchChanges,
    options?: TransactOptions,
  ): Promise<void>;

  /**
   * Tells whether a commit that made a seal has happened.
   *
   * @throws {@link StoreError} if that cannot be found out
   */
  keeps(seal: Pick<Seal, 'branch' | 'last' | 'hash'>): Promise<boolean>;
}

/** How a transaction goes about it. */
export interface TransactOptions {
  /**
   * True to try it without locks and without looking the ids up, on what the store remembers, where that can be done: a
   * fence makes a conflict of it if the store was wrong, or an id was used before.
   *
   * @defaultValue false
   */
  readonly optimistic?: boolean;
  /** Called once the commit is on its way. */
  readonly sent?: () => void;
}

/** The books that a batch needs, locked or under the fence. */
export interface LoadedBooks {
  readonly books: Books;
  /** The store's clock. */
  readonly clockMicros: number;
}

/**
 * Why a transaction failed:
 * - `conflict`: another transaction was in the way; nothing happened, try again at once
 * - `unavailable`: the database could not be reached; nothing happened
 * - `unknown`: the connection was lost around the commit; it may have happened. Trying again is safe by R5
 * - `rejected`: a command cannot be decided, or the database rejects what was to be written; nothing happened, and
 *   trying again would fail again
 */
export type StoreFailure = 'conflict' | 'unavailable' | 'unknown' | 'rejected';

/** A transaction that failed. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly failure: StoreFailure,
    cause: unknown,
  ) {
    super(`${failure}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Tells whether an error speaks of the database, not of the commands. */
export function isDatabaseFailure(error: unknown): boolean {
  return error instanceof StoreError && (error.failure === 'unavailable' || error.failure === 'unknown');
}
