import { status, type ServiceError } from '@grpc/grpc-js';
import { catalogue, isReason, type Reason, type ReasonMetadata } from '../catalogue/catalogue.js';
import type { BankError, FailedAttempt } from '../errors/bank-error.js';
import { errorFor } from '../errors/error-for.js';
import { UnknownOutcomeError, type Resend } from '../errors/failures.js';
import type { Refusal } from '../gen/giro/v1/receipt.js';
import {
  decodeErrorDetail,
  decodeRetryDelayMs,
  STATUS_DETAILS_KEY,
  type ErrorDetail,
} from '../wire/error-details.js';

/** Why one attempt failed. */
export interface Failure {
  readonly reason: Reason;
  readonly metadata: ReasonMetadata;
  readonly message: string;
  readonly replayed: boolean;
  /** False if the request surely never left this process. */
  readonly sent: boolean;
  /** Whether this attempt may have been applied all the same. */
  readonly mayBeApplied: boolean;
  /** False for what Giro did not say: then nothing is recorded under the write's id. */
  readonly frozen?: false;
  /** Whether this is the answer to the write's id, whatever became of earlier attempts. */
  readonly settlesId: boolean;
  /** How long the server asked to be left alone, in milliseconds; negative for ever. */
  readonly pushbackMs?: number | undefined;
  /** Whether the bank refused a token in place of which there may be another at once. */
  readonly newToken?: boolean;
  readonly cause: unknown;
}

/** A failure that this process found by itself. */
export function localFailure(
  reason: Reason,
  problem: string,
  { sent, cause }: { sent: boolean; cause?: unknown },
): Failure {
  const metadata = { problem };
  return {
    reason,
    metadata,
    message: problem,
    replayed: false,
    sent,
    mayBeApplied: sent,
    settlesId: false,
    cause,
  };
}

/** The server ended a stream in good order before all of it was there. */
export function endedFailure(): Failure {
  return localFailure('UNAVAILABLE', 'the server ended the stream', { sent: true });
}

/** Reads the status of a gRPC call. Giro's own reason counts for more than the status code. */
export function failureOf(error: ServiceError, sent: boolean): Failure {
  const detail = detailOf(error);
  const message = error.details === '' ? error.message : error.details;
  if (detail === undefined) {
    const reason = sent ? reasonOfPlain(error) : 'UNAVAILABLE';
    const mayBeApplied = sent && (!rejections.has(error.code) || isAnswerLost(error));
    const pushbackMs = pushbackOf(error);
    const failure = localFailure(reason, message, { sent, cause: error });
    return { ...failure, mayBeApplied, pushbackMs, frozen: false };
  }
  const known = isReason(detail.reason);
  const named = nameReason(detail.reason, detail.metadata, message, reasonOfCode(error.code));
  return {
    ...named,
    replayed: detail.replayed ?? false,
    sent,
    mayBeApplied: known ? undecided.has(named.reason) : !rejections.has(error.code),
    settlesId: known && settlesId(named.reason),
    pushbackMs: pushbackOf(error),
    cause: error,
  };
}

/** Reads the refusal of one write of a batch. */
export function refusedItem({ reason, metadata, message, replayed }: Refusal): Failure {
  const named = nameReason(reason, metadata, message);
  return {
    ...named,
    replayed,
    sent: true,
    mayBeApplied: undecided.has(named.reason),
    settlesId: settlesId(named.reason),
    cause: undefined,
  };
}

/** What a reason on the wire means here: a newer server may send one that this version does not know. */
function nameReason(
  name: string,
  metadata: ReasonMetadata,
  message: string,
  fallback: Reason = 'REFUSED',
): Pick<Failure, 'reason' | 'metadata' | 'message'> {
  if (isReason(name)) return { reason: name, metadata, message };
  return { reason: fallback, metadata: { ...metadata, reason: name, problem: message }, message };
}

/** Where and how a call failed. */
export interface FailedCall {
  readonly where: string;
  readonly attempts: number;
  /** The write's id; empty for a write without one; undefined for a read. */
  readonly writeId: string | undefined;
  /** Whether any attempt may have been applied. */
  readonly mayBeApplied: boolean;
  readonly earlierAttempts?: readonly FailedAttempt[];
  /** Makes the write again. */
  readonly resend?: Resend | undefined;
}

/** The error to throw for the last failure of a call. */
export function errorOf(failure: Failure, call: FailedCall): BankError {
  const { where, attempts, writeId, mayBeApplied, earlierAttempts, resend } = call;
  const { reason, metadata, message, replayed, frozen, cause } = failure;
  if (writeId !== undefined && mayBeApplied && !failure.settlesId) {
    return new UnknownOutcomeError({
      reason: 'OUTCOME_UNKNOWN',
      metadata: { id: writeId, problem: message },
      where,
      attempts,
      earlierAttempts,
      cause,
      resend,
    });
  }
  const made = { where, attempts, earlierAttempts };
  return errorFor({ reason, metadata, rawMessage: message, id: writeId, replayed, frozen, ...made, cause });
}

/** Reasons after which a write may be applied; after all others it is not. */
const undecided: ReadonlySet<Reason> = new Set(['OUTCOME_UNKNOWN', 'DEADLINE_EXCEEDED', 'CANCELLED']);

/** Reasons that the body itself gives, so that every attempt got or will get the same. */
const bodyReasons: ReadonlySet<Reason> = new Set(['INVALID_FIELD', 'ID_REUSED']);

function settlesId(reason: Reason): boolean {
  return catalogue[reason].frozen || bodyReasons.has(reason);
}

/** Codes that servers and proxies give before they do anything. */
const rejections: ReadonlySet<status> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.UNIMPLEMENTED,
]);

function detailOf({ metadata }: ServiceError): ErrorDetail | undefined {
  const [bytes] = metadata.get(STATUS_DETAILS_KEY);
  return Buffer.isBuffer(bytes) ? decodeErrorDetail(bytes) : undefined;
}

/** The `google.rpc.RetryInfo` that gateways send. */
function retryInfoOf(metadata: ServiceError['metadata']): number | undefined {
  const [bytes] = metadata.get(STATUS_DETAILS_KEY);
  return Buffer.isBuffer(bytes) ? decodeRetryDelayMs(bytes) : undefined;
}

/** gRFC A6; a value that is no number asks for no further attempt. */
function pushbackOf({ metadata }: ServiceError): number | undefined {
  const [value] = metadata.get('grpc-retry-pushback-ms');
  if (value === undefined) return retryInfoOf(metadata);
  return /^\d+$/.test(String(value)) ? Number(value) : -1;
}

/** grpc-js says UNIMPLEMENTED of a call that went well, but whose answer was not one message. */
function isAnswerLost({ code, details }: ServiceError): boolean {
  return code === status.UNIMPLEMENTED && /^(?:No message|Too many responses) received$/.test(details);
}

/** A status without Giro's reason: made by grpc-js itself, by a proxy, or by a server that is not Giro. */
function reasonOfPlain(error: ServiceError): Reason {
  const { code, details } = error;
  if (isAnswerLost(error)) return 'INTERNAL';
  // How grpc-js reports a connection that broke off under a call depends on how it broke.
  const brokenOff =
    code === status.CANCELLED || (code === status.INTERNAL && details.startsWith('Received RST_STREAM'));
  if (brokenOff) return 'UNAVAILABLE';
  if (code === status.RESOURCE_EXHAUSTED && details.includes('larger than max')) return 'PAYLOAD_TOO_LARGE';
  return reasonOfCode(code);
}

function reasonOfCode(code: status): Reason {
  return rejections.has(code) ? (rejectionReasons[code] ?? 'REFUSED') : (faultReasons[code] ?? 'INTERNAL');
}

const rejectionReasons: Partial<Record<status, Reason>> = {
  [status.INVALID_ARGUMENT]: 'INVALID_FIELD',
  [status.UNAUTHENTICATED]: 'UNAUTHENTICATED',
  [status.UNIMPLEMENTED]: 'NOT_FOUND',
};

const faultReasons: Partial<Record<status, Reason>> = {
  [status.CANCELLED]: 'CANCELLED',
  [status.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [status.RESOURCE_EXHAUSTED]: 'OVERLOADED',
  [status.UNAVAILABLE]: 'UNAVAILABLE',
  [status.ABORTED]: 'UNAVAILABLE',
};
