import type { CallOptions } from '../client/options.js';
import type { GroupReceipt, Receipt } from '../client/receipt.js';
import { BankError, type BankErrorInit } from './bank-error.js';

/** A field is missing, of the wrong type, or out of its range. Found before sending where possible. */
export class InvalidArgumentError extends BankError {
  static override readonly brand: string = 'InvalidArgumentError';
  /** The path of the field, such as `amount` or `commands[3].to`. */
  readonly field: string = this.metadata['field'] ?? '';
}

/**
 * A write may or may not have been applied: its answer was lost, or did not come within the deadline.
 *
 * There are two ways to a definite answer, and both may be repeated until they give one: {@link resolve}, which sends the
 * same body with the same {@link id} again; or {@link Bank.abandon} the id, which makes sure
 * that the write is never applied unless it already was, and tells which. Looking the write up proves nothing, since its
 * request may still be on its way. A write without an id, as the seed's are, can be resolved in neither way: read its
 * account's balance before anything else.
 */
export class UnknownOutcomeError extends BankError {
  static override readonly brand: string = 'UnknownOutcomeError';
  /** The id of the write; empty for a seed write, which carries none. */
  readonly id: string = this.metadata['id'] ?? '';
  readonly #resend: Resend | undefined;

  constructor(init: UnknownOutcomeInit) {
    // Without an id, the same call again would be another write.
    super({ retryable: (init.metadata?.['id'] ?? '') !== '', ...init });
    this.#resend = init.resend;
  }

  /**
   * Finds out: sends the same body with the same id again, which applies the write unless it was applied before.
   *
   * @returns the receipt, `replayed` if it had been applied
   * @throws {@link RefusalError} if it was, or now is, refused; {@link UnknownOutcomeError} if it still cannot be told,
   *   at once for a seed write, which cannot be sent again; {@link ClientClosedError} after `close()`
   */
  async resolve(options?: CallOptions): Promise<Receipt | GroupReceipt> {
    if (this.#resend === undefined) throw this;
    return this.#resend(options);
  }
}

/** Makes a write again, with the same body and id. */
export type Resend = (options?: CallOptions) => Promise<Receipt | GroupReceipt>;

/** What an {@link UnknownOutcomeError} is made from. */
export interface UnknownOutcomeInit extends BankErrorInit {
  /** Left out if the write has no id. */
  readonly resend?: Resend | undefined;
}

/** No server could be reached. */
export class UnavailableError extends BankError {
  static override readonly brand: string = 'UnavailableError';
}

/** The bank does not know the token, wants one, or the function that is to give one failed. Nothing was applied. */
export class UnauthenticatedError extends BankError {
  static override readonly brand: string = 'UnauthenticatedError';
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
