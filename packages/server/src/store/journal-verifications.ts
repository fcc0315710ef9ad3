import type { JournalHead } from '../ledger/seal.js';
import { RequestError } from '../request-error.js';
import type { Reads } from './reads.js';
import type { VerificationEvent } from './verification.js';

/** Verifications at once in one server: each takes a connection, and as much of the processor as it can get. */
const VERIFICATIONS_MAX = 2;

/** Verifies journals for whoever asks, few at a time. */
export class JournalVerifications {
  readonly #reads: Pick<Reads, 'verification'>;
  #running = 0;

  constructor(reads: Pick<Reads, 'verification'>) {
    this.#reads = reads;
  }

  /**
   * As {@link Reads.verification} does.
   *
   * @throws {@link RequestError} with OVERLOADED if as many are running as may
   */
  async *verify(branch: number, trusted?: JournalHead): AsyncGenerator<VerificationEvent, void, undefined> {
    if (this.#running >= VERIFICATIONS_MAX) {
      throw new RequestError('OVERLOADED', `${this.#running} journals are being verified already`);
    }
    this.#running++;
    try {
      yield* this.#reads.verification(branch, trusted);
    } finally {
      this.#running--;
    }
  }
}
