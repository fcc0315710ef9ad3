import type { Metadata } from '@grpc/grpc-js';
import { newWriteId, type Reason } from '@giro/sdk/protocol';
import type { Logger } from 'pino';
import { RequestError } from '../request-error.js';
import { startCallSpan } from './call-span.js';

/** The metadata key under which a caller may send its own request id; it is then found in the logs of every part. */
const REQUEST_ID_KEY = 'x-request-id';

/** What the log and the trace are to say of one call: its one line, and its span, when it ends. */
export interface CallRecord {
  readonly requestId: string;
  /** Runs what answers the call inside of its span. */
  within<Result>(run: () => Result): Result;
  /** What the caller may be told of an error: a fault of this side goes to the log, and here its request id. */
  tell(error: unknown): RequestError;
  /** Writes the line and ends the span. @param more - what else to tell of the call */
  end(reason: Reason | 'OK', more?: object): void;
}

/** Hears of each call when it ends. Must not throw, nor take long. */
export type CallObserver = (method: string, reason: Reason | 'OK', ms: number) => void;

/** Begins the record of a call. */
export function recordCall(
  log: Logger,
  method: string,
  metadata: Metadata,
  onCall: CallObserver | undefined,
): CallRecord {
  const startedMs = performance.now();
  const requestId = requestIdOf(metadata);
  const span = startCallSpan(method, metadata);
  const faults: unknown[] = [];
  return {
    requestId,
    within: (run) => span.within(run),
    tell(error) {
      const told = tellable(error, requestId);
      if (FAULTS.has(told.reason)) faults.push(error);
      return told;
    },
    end(reason, more = {}) {
      const tookMs = performance.now() - startedMs;
      onCall?.(method, reason, tookMs);
      span.end(reason, FAULTS.has(reason));
      const { traceId } = span;
      // Under the name that log collectors look for.
      const trace = traceId === undefined ? {} : { trace_id: traceId };
      const line = { requestId, ...trace, method, reason, ms: Math.round(tookMs), ...more };
      if (faults.length > 0) log.error({ ...line, err: faults[0], faults: faults.length }, 'call failed');
      else log.info(line, reason === 'OK' ? 'call answered' : 'call refused');
    },
  };
}

/** Reasons that tell of a fault on this side; the rest is the caller's business. */
const FAULTS: ReadonlySet<Reason | 'OK'> = new Set<Reason>(['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']);

const REQUEST_ID = /^[\w.:-]{1,128}$/;

function requestIdOf(metadata: Metadata): string {
  const [sent] = metadata.get(REQUEST_ID_KEY);
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : newWriteId();
}

function tellable(error: unknown, requestId: string): RequestError {
  if (error instanceof RequestError && error.reason !== 'INTERNAL') return error;
  const problem = `something unforeseen happened; see the log of request ${requestId}`;
  return new RequestError('INTERNAL', { problem, request_id: requestId }, error);
}
