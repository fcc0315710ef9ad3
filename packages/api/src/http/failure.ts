import { BankError, GroupFailedError, UnauthenticatedError } from '@giro/sdk';
import type { Reason, ReasonMetadata } from '@giro/sdk';

/**
 * Why a request gets no success. Reason, text and, as a rule, the status are the catalogue's; where HTTP has a status
 * of its own for the case (405, 415), that one is used.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly error: BankError;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    error: BankError,
    { status = error.httpStatus, headers = retryHeaders(error.reason) }: FailureInit = {},
  ) {
    super(error.message, { cause: error });
    this.error = error;
    this.status = status;
    this.headers = headers;
  }
}

interface FailureInit {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The failure of one field of the request. */
export function invalidField(field: string, problem: string, status?: number): Failure {
  const error = bankError('INVALID_FIELD', { field, problem });
  return new Failure(error, status === undefined ? {} : { status });
}

/** The failure of a path that no route serves. */
export function routeNotFound(path: string): Failure {
  return new Failure(bankError('NOT_FOUND', { problem: `there is nothing at ${path}` }));
}

/** The failure of a path that is served, but not with this method. */
export function methodNotAllowed(method: string, path: string, allow: string): Failure {
  const problem = `${path} takes ${allow}, not ${method}`;
  return new Failure(bankError('NOT_FOUND', { problem }), { status: 405, headers: { Allow: allow } });
}

/** The failure of a body beyond the limit. */
export function bodyTooLarge(bytesMax: number): Failure {
  return new Failure(bankError('PAYLOAD_TOO_LARGE', { problem: `the body has more than ${bytesMax} bytes` }));
}

/** The failure of an event stream beyond the limit. */
export function tooManyStreams(streamsMax: number): Failure {
  return new Failure(bankError('OVERLOADED', { problem: `${streamsMax} event streams are open already` }));
}

/** What was thrown, as a failure; what nobody foresaw becomes an INTERNAL one, with the original as its cause. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  // A group fails for the reason of the member that was refused.
  if (thrown instanceof GroupFailedError && thrown.cause instanceof BankError) {
    return new Failure(thrown, { status: thrown.cause.httpStatus });
  }
  // It is this API whom the bank does not let in: who called cannot mend that.
  if (thrown instanceof UnauthenticatedError) return internalFailure(thrown);
  if (thrown instanceof BankError) return new Failure(thrown);
  if (thrown instanceof URIError) return invalidField('path', 'is not percent-encoded UTF-8');
  return internalFailure(thrown);
}

function internalFailure(cause: unknown): Failure {
  return new Failure(new BankError({ reason: 'INTERNAL', metadata: { problem: 'unexpected error' }, cause }));
}

function bankError(reason: Reason, metadata: ReasonMetadata): BankError {
  return new BankError({ reason, metadata });
}

/** For what passes by itself, a hint when to ask again, in seconds. */
function retryHeaders(reason: Reason): Record<string, string> {
  return reason === 'OVERLOADED' || reason === 'UNAVAILABLE' ? { 'Retry-After': '1' } : {};
}
