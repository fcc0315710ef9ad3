import type { Seal } from '../ledger/seal.js';
import type { Store } from '../store/store.js';
import type { MemoryBooks } from './memory-books.js';

/** The write side of books in memory: a transaction is one step of the event loop, so that none is ever in another's way. */
export class MemoryStore implements Store {
  readonly #books: MemoryBooks;
  readonly #clock: () => number;

  /** @param clock - microseconds since 1970 */
  constructor(books: MemoryBooks, clock: () => number) {
    this.#books = books;
    this.#clock = clock;
  }

  transact(...[commands, decide, options]: Parameters<Store['transact']>): Promise<void> {
    return new Promise((resolve) => {
      const clockMicros = this.#clock();
      this.#books.transact(commands, clockMicros, (books) => decide({ books, clockMicros }));
      options?.sent?.();
      resolve();
    });
  }

  keeps({ branch, last, hash }: Seal): Promise<boolean> {
    const seal = this.#books.branches.get(branch)?.sealOf(last);
    return Promise.resolve(seal?.last === last && seal.hash.equals(hash));
  }
}
