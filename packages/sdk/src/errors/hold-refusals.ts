import type { Money } from '../money/money.js';
import { moneyOf, RefusalError } from './refusal-error.js';

/** The branch knows no hold of this id. */
export class HoldNotFoundError extends RefusalError {
  static override readonly brand: string = 'HoldNotFoundError';
  readonly branch: number = Number(this.metadata['branch']);
  /** The hold's id. */
  readonly hold: string = this.metadata['hold'] ?? '';
}

/** The hold was captured before, by another write. */
export class HoldCapturedError extends RefusalError {
  static override readonly brand: string = 'HoldCapturedError';
  /** The hold's id. */
  readonly hold: string = this.metadata['hold'] ?? '';
  /** The id of the write that captured it. */
  readonly by: string = this.metadata['by'] ?? '';
}

/** The hold was released before, by another write. */
export class HoldReleasedError extends RefusalError {
  static override readonly brand: string = 'HoldReleasedError';
  /** The hold's id. */
  readonly hold: string = this.metadata['hold'] ?? '';
  /** The id of the write that released it. */
  readonly by: string = this.metadata['by'] ?? '';
}

/** The hold expired before it was captured or released. */
export class HoldExpiredError extends RefusalError {
  static override readonly brand: string = 'HoldExpiredError';
  /** The hold's id. */
  readonly hold: string = this.metadata['hold'] ?? '';
}

/** The capture asks for more than the hold reserved. */
export class CaptureExceedsHoldError extends RefusalError {
  static override readonly brand: string = 'CaptureExceedsHoldError';
  /** The hold's id. */
  readonly hold: string = this.metadata['hold'] ?? '';
  /** What it reserves. */
  readonly held: Money = moneyOf(this, 'held');
}
