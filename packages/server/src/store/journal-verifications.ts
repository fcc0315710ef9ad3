import type { JournalHead } from '../ledger/seal.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { verifyBranch, type VerificationEvent } from './verify-branch.js';

/** Verifications at once in one server: each takes a connection, and as much of the processor as it can get. */
const VERIFICATIONS_MAX = 2;

/** Verifies journals for whoever asks, few at a time. */
export class JournalVerifications {
  readonly #url: string;
  readonly #database: Database;
  #running = 0;

  /** @param database - the read side of the same database */
  constructor(url: string, database: Database) {
    this.#url = url;
    this.#database = database;
  }

  /**
   * As {@link verifyBranch} does. Where standbys must confirm what is read, they have confirmed what the result tells.
   *
   * @throws {@link RequestError} with OVERLOADED if as many are running as may
   */
  async *verify(branch: number, trusted?: JournalHead): AsyncGenerator<VerificationEvent, void, undefined> {
    if (this.#running >= VERIFICATIONS_MAX) {
      throw new RequestError('OVERLOADED', `${this.#running} journals are being verified already`);
    }
    this.#running++;
    try {
      for await (const event of verifyBranch(this.#url, branch, trusted)) {
        // Any read that ends now has waited for all that was read before (R11).
        if (event.kind === 'result') await this.#database.rows('select', []);
        yield event;
      }
    } finally {
      this.#running--;
    }
  }
}
