import { BankError } from './bank-error.js';

/** A field is missing, of the wrong type, or out of its range. Found before sending where possible. */
export class InvalidArgumentError extends BankError {
  static override readonly brand: string = 'InvalidArgumentError';
  /** The path of the field, such as `amount` or `commands[3].to`. */
  readonly field: string = this.metadata['field'] ?? '';
}

/**
 * A write may or may not have been applied: its answer was lost, or did not come within the deadline.
 *
 * There are two ways to a definite answer, and both may be repeated until they give one: send the same body with the same
 * {@link id} again, which applies the write unless it was applied before; or {@link Bank.abandon} the id, which makes sure
 * that the write is never applied unless it already was, and tells which. Looking the write up proves nothing, since its
 * request may still be on its way. A write without an id, as the seed's are, can be resolved in neither way: read its
 * account's balance before anything else.
 */
export class UnknownOutcomeError extends BankError {
  static override readonly brand: string = 'UnknownOutcomeError';
  /** The id of the write; empty for a seed write, which carries none. */
  readonly id: string = this.metadata['id'] ?? '';
}

/** No server could be reached. */
export class UnavailableError extends BankError {
  static override readonly brand: string = 'UnavailableError';
}

/** The server has as much waiting as it takes. Nothing was applied. */
export class OverloadedError extends BankError {
  static override readonly brand: string = 'OverloadedError';
}

/** A read was not answered within its deadline, or a write was not sent within it. */
export class DeadlineExceededError extends BankError {
  static override readonly brand: string = 'DeadlineExceededError';
}

/** The caller aborted a read, or a write before it was sent. `cause` is the signal's reason. */
export class CancelledError extends BankError {
  static override readonly brand: string = 'CancelledError';
}

/** The client was used after `close()`. */
export class ClientClosedError extends BankError {
  static override readonly brand: string = 'ClientClosedError';
}

/** Makes the {@link InvalidArgumentError} of one field. */
export function invalidField(field: string, problem: string): InvalidArgumentError {
  return new InvalidArgumentError({ reason: 'INVALID_FIELD', metadata: { field, problem } });
}
