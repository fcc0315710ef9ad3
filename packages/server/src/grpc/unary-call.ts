import type { handleUnaryCall, Metadata, MethodDefinition } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { RequestError } from '../request-error.js';
import { recordCall, type CallObserver } from './call-record.js';
import { readRequest } from './read-request.js';
import { statusFor } from './status.js';

/** What a handler knows of the call besides its request. */
export interface CallContext {
  /** True once the caller has hung up or its deadline has passed. */
  readonly abandoned: () => boolean;
  /** What the caller may be told of an error: a fault of this side goes to the log, and here its request id. */
  readonly tell: (error: unknown) => RequestError;
}

/** How calls begin. */
export interface CallOptions {
  /** Lets a call in. @throws {@link RequestError} if it cannot be answered here now, whatever it asks */
  readonly admit?: ((metadata: Metadata) => void) | undefined;
  readonly onCall?: CallObserver | undefined;
}

/** Answers a request, or throws a {@link RequestError}. */
export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Promise<Response>;

/** Makes a handler into what grpc-js calls. */
export function answerUnary<Request, Response>(
  log: Logger,
  method: MethodDefinition<Request, Response>,
  handler: UnaryHandler<Request, Response>,
  { admit, onCall }: CallOptions,
): handleUnaryCall<Buffer, Response> {
  return (call, callback) => {
    const record = recordCall(log, method.path, call.metadata, onCall);
    const context: CallContext = { abandoned: () => call.cancelled, tell: (error) => record.tell(error) };
    const respond = async () => {
      admit?.(call.metadata);
      return handler(readRequest(method, call.request), context);
    };
    record
      .within(respond)
      .then(
        (response) => {
          record.end('OK');
          callback(null, response);
        },
        (error: unknown) => {
          const told = record.tell(error);
          record.end(told.reason);
          callback(statusFor(told));
        },
      )
      .catch((error: unknown) => {
        // An unhandled rejection would end the process, and everybody's calls with it.
        log.error({ requestId: record.requestId, err: error }, 'an answer could not be sent');
      });
  };
}
