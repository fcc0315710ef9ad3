import type {
  handleUnaryCall,
  MethodDefinition,
  Server,
  ServerUnaryCall,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { newWriteId, type Reason } from '@giro/sdk/protocol';
import type { Logger } from 'pino';
import { RequestError } from '../request-error.js';
import { readRequest } from './read-request.js';
import { statusFor } from './status.js';

/** What a handler knows of the call besides its request. */
export interface CallContext {
  /** True once the caller has hung up or its deadline has passed. */
  readonly abandoned: () => boolean;
  /** What the caller may be told of an error: a fault of this side goes to the log, and here its request id. */
  readonly tell: (error: unknown) => RequestError;
}

/** Answers a request, or throws a {@link RequestError}. */
export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Promise<Response>;

/** One handler for each method of a service. */
export type UnaryHandlers<Service> = {
  readonly [Method in keyof Service]: Service[Method] extends MethodDefinition<infer Request, infer Response>
    ? UnaryHandler<Request, Response>
    : never;
};

/** The metadata key under which a caller may send its own request id; it is then found in the logs of every part. */
export const REQUEST_ID_KEY = 'x-request-id';

/**
 * Adds a service whose methods are async functions. All calls go through here, so that none is left without an answer
 * or without its one line in the log, whatever was sent and whatever the handler throws.
 */
export function addUnaryService<Service extends ServiceDefinition>(
  server: Server,
  log: Logger,
  service: Service,
  handlers: UnaryHandlers<Service>,
): void {
  const definition: Record<string, MethodDefinition<Buffer, unknown>> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(service)) {
    // grpc-js answers a request that it cannot read without a reason, so it gets the bytes only.
    definition[name] = { ...method, requestDeserialize: (bytes) => bytes };
    implementation[name] = answer(log, method, handlers[name as keyof Service]);
  }
  server.addService(definition, implementation);
}

function answer<Request, Response>(
  log: Logger,
  method: MethodDefinition<Request, Response>,
  handler: UnaryHandler<Request, Response>,
): handleUnaryCall<Buffer, Response> {
  return (call, callback) => {
    const startedMs = performance.now();
    const requestId = requestIdOf(call);
    const faults: unknown[] = [];
    const tell = (error: unknown) => {
      const told = tellable(error, requestId);
      if (FAULTS.has(told.reason)) faults.push(error);
      return told;
    };
    const end = (reason: Reason | 'OK') => {
      const ms = Math.round(performance.now() - startedMs);
      const line = { requestId, method: method.path, reason, ms };
      if (faults.length > 0) log.error({ ...line, err: faults[0], faults: faults.length }, 'call failed');
      else log.info(line, reason === 'OK' ? 'call answered' : 'call refused');
    };
    const respond = async () => handler(readRequest(method, call.request), context);
    const context: CallContext = { abandoned: () => call.cancelled, tell };
    respond()
      .then(
        (response) => {
          end('OK');
          callback(null, response);
        },
        (error: unknown) => {
          const told = tell(error);
          end(told.reason);
          callback(statusFor(told));
        },
      )
      .catch((error: unknown) => {
        // An unhandled rejection would end the process, and everybody's calls with it.
        log.error({ requestId, err: error }, 'an answer could not be sent');
      });
  };
}

/** Reasons that tell of a fault on this side; the rest is the caller's business. */
const FAULTS: ReadonlySet<Reason> = new Set<Reason>(['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']);

const REQUEST_ID = /^[\w.:-]{1,128}$/;

function requestIdOf(call: ServerUnaryCall<Buffer, unknown>): string {
  const [sent] = call.metadata.get(REQUEST_ID_KEY);
  return typeof sent === 'string' && REQUEST_ID.test(sent) ? sent : newWriteId();
}

function tellable(error: unknown, requestId: string): RequestError {
  if (error instanceof RequestError && error.reason !== 'INTERNAL') return error;
  const problem = `something unforeseen happened; see the log of request ${requestId}`;
  return new RequestError('INTERNAL', { problem, request_id: requestId }, error);
}
