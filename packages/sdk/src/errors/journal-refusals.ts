import { bigintOf, RefusalError } from './refusal-error.js';

/** The journal of the branch does not reach the position. */
export class PositionNotFoundError extends RefusalError {
  static override readonly brand: string = 'PositionNotFoundError';
  readonly branch: number = Number(this.metadata['branch']);
  readonly position: bigint = bigintOf(this.metadata['position']);
  /** The last position that there is. */
  readonly last: bigint = bigintOf(this.metadata['last']);
}

/**
 * The journal does not have the seal that the caller has seen: the database was restored or replaced, and what was seen
 * after the restored state is not there.
 */
export class JournalDivergedError extends RefusalError {
  static override readonly brand: string = 'JournalDivergedError';
  readonly branch: number = Number(this.metadata['branch']);
  readonly position: bigint = bigintOf(this.metadata['position']);
}
