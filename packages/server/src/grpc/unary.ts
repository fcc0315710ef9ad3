import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { newWriteId, type Reason } from '@giro/sdk/protocol';
import type { Logger } from 'pino';
import { RequestError } from '../request-error.js';
import { statusFor } from './status.js';

/** What a handler knows of the call besides its request. */
export interface CallContext {
  /** True once the caller has hung up or its deadline has passed. */
  readonly abandoned: () => boolean;
}

/** Answers a request, or throws a {@link RequestError}. */
export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Promise<Response>;

/** The metadata key under which a caller may send its own request id; it is then found in the logs of every part. */
export const REQUEST_ID_KEY = 'x-request-id';

/**
 * Makes a gRPC handler of an async function. Every handler goes through here: a rejected promise would otherwise leave
 * the caller waiting, and each call leaves one line in the log.
 */
export function unary<Request, Response>(
  log: Logger,
  handler: UnaryHandler<Request, Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const startedMs = performance.now();
    const requestId = requestIdOf(call);
    const end = (reason: Reason | 'OK', error?: unknown) => {
      const line = {
        requestId,
        method: call.getPath(),
        reason,
        ms: Math.round(performance.now() - startedMs),
      };
      if (FAULTS.has(reason)) log.error({ ...line, err: error }, 'call failed');
      else log.info(line, reason === 'OK' ? 'call answered' : 'call refused');
    };
    handler(call.request, { abandoned: () => call.cancelled }).then(
      (response) => {
        end('OK');
        callback(null, response);
      },
      (error: unknown) => {
        const { reason, metadata } = requestError(error, requestId);
        end(reason, error);
        callback(statusFor(reason, metadata));
      },
    );
  };
}

/** Reasons that tell of a fault on this side; the rest is the caller's business. */
const FAULTS: ReadonlySet<string> = new Set<Reason>(['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']);

const REQUEST_ID = /^[\w.:-]{1,128}$/;

function requestIdOf<Request, Response>(call: ServerUnaryCall<Request, Response>): string {
  const [sent] = call.metadata.get(REQUEST_ID_KEY);
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : newWriteId();
}

function requestError(error: unknown, requestId: string): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError(
    'INTERNAL',
    `something unforeseen happened; see the log of request ${requestId}`,
    error,
  );
}
