import { RefusalError } from './refusal-error.js';

/** The branch knows no applied transfer or group of this id that could be reversed. */
export class OriginalNotFoundError extends RefusalError {
  static override readonly brand: string = 'OriginalNotFoundError';
  readonly branch: number = Number(this.metadata['branch']);
  /** The id of what was to be reversed. */
  readonly original: string = this.metadata['original'] ?? '';
}

/** The original was reversed before, by another write. */
export class AlreadyReversedError extends RefusalError {
  static override readonly brand: string = 'AlreadyReversedError';
  /** The id of what was to be reversed. */
  readonly original: string = this.metadata['original'] ?? '';
  /** The id of the write that reversed it. */
  readonly by: string = this.metadata['by'] ?? '';
}

/** The original is a reversal itself, a member of a group, which is reversed whole, or no mere transfer. */
export class NotReversibleError extends RefusalError {
  static override readonly brand: string = 'NotReversibleError';
  /** The id of what was to be reversed. */
  readonly original: string = this.metadata['original'] ?? '';
  /** Why not, for people. */
  readonly problem: string = this.metadata['problem'] ?? '';
}
