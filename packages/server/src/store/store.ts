import type { BookChanges, Books } from '../ledger/books.js';
import type { Command } from '../ledger/command.js';

/** Where the books are kept. The commit path is the only one to change them. */
export interface Store {
  /**
   * One transaction: locks the branches that the commands touch, loads what they need, lets `decide` change the books,
   * and makes the changes that it gives back durable before it resolves (R11).
   *
   * @param decide - synchronous; called at most once
   * @throws {@link StoreError} if the transaction did not, or may not have, happened
   */
  transact(commands: readonly Command[], decide: (locked: LockedBooks) => BookChanges): Promise<void>;
}

/** The books that a batch needs, locked. */
export interface LockedBooks {
  readonly books: Books;
  /** The store's clock, read after all locks were had. */
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
