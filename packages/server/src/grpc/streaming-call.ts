import type { handleServerStreamingCall, MethodDefinition, ServerWritableStream } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { RequestError } from '../request-error.js';
import { recordCall, type CallRecord } from './call-record.js';
import { readRequest } from './read-request.js';
import { statusFor } from './status.js';
import type { CallContext, CallOptions } from './unary-call.js';

/** How long a caller may take to make room for the next message: then it is held for slow, and asked to come again. */
const SLOW_READER_TIMEOUT_MS = 30_000;

/** What a streaming handler knows of the call besides its request. */
export interface StreamContext extends CallContext {
  /** Aborts when nothing more is to be sent: the caller has hung up, its deadline has passed, or the server stops. */
  readonly signal: AbortSignal;
  /** Resolves when nothing of the call is left, not even what its caller has not taken. */
  readonly closed: Promise<void>;
}

/**
 * Answers a request with messages, or throws a {@link RequestError}. The next message is asked for once the caller has
 * made room for it. It ends soon after `signal` aborts.
 */
export type StreamingHandler<Request, Response> = (
  request: Request,
  context: StreamContext,
) => AsyncIterable<Response>;

/** How streams begin, and how they end before their time. */
export interface StreamOptions extends CallOptions {
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  /** @defaultValue {@link SLOW_READER_TIMEOUT_MS} */
  readonly slowReaderTimeoutMs?: number | undefined;
}

/** Makes a handler into what grpc-js calls. */
export function answerStreaming<Request, Response>(
  log: Logger,
  method: MethodDefinition<Request, Response>,
  handler: StreamingHandler<Request, Response>,
  options: StreamOptions,
): handleServerStreamingCall<Buffer, Response> {
  return (call) => {
    const record = recordCall(log, method.path, call.metadata, options.onCall);
    const respond = (context: StreamContext) => {
      options.admit?.(call.metadata);
      return handler(readRequest(method, call.request), context);
    };
    const running = record.within(() => run(call, record, respond, options));
    running.catch((error: unknown) => {
      // An unhandled rejection would end the process, and everybody's calls with it.
      log.error({ requestId: record.requestId, err: error }, 'a stream could not be ended');
    });
  };
}

async function run<Response>(
  call: ServerWritableStream<Buffer, Response>,
  record: CallRecord,
  respond: (context: StreamContext) => AsyncIterable<Response>,
  { stopping, slowReaderTimeoutMs = SLOW_READER_TIMEOUT_MS }: StreamOptions,
): Promise<void> {
  // However a call ends, it is "cancelled" last.
  const closed = new Promise<void>((resolve) => call.once('cancelled', resolve));
  const ending = new AbortController();
  const end = () => {
    ending.abort();
  };
  void closed.then(end);
  stopping.addEventListener('abort', end);
  if (stopping.aborted) end();
  const { signal } = ending;
  const context = {
    abandoned: () => call.cancelled,
    tell: (error: unknown) => record.tell(error),
    signal,
    closed,
  };
  let messages = 0;
  try {
    for await (const response of respond(context)) {
      if (signal.aborted) break;
      await send(call, response, signal, slowReaderTimeoutMs);
      messages++;
    }
    signal.throwIfAborted();
    record.end('OK', { messages });
    call.end();
  } catch (error) {
    const told = reasonToTell(error, { hungUp: call.cancelled, stopping: stopping.aborted }, record);
    record.end(told.reason, { messages });
    call.emit('error', statusFor(told));
  } finally {
    stopping.removeEventListener('abort', end);
  }
}

/** Once the call is ending, whatever the handler threw comes of that. */
function reasonToTell(
  error: unknown,
  { hungUp, stopping }: { readonly hungUp: boolean; readonly stopping: boolean },
  record: CallRecord,
): RequestError {
  if (hungUp) return new RequestError('CANCELLED', 'the caller hung up, or its deadline passed');
  if (stopping) return new RequestError('UNAVAILABLE', 'the server is shutting down');
  return record.tell(error);
}

/** Resolves once the message is on its way: the caller's windows had room for it. Nothing is written behind it before. */
function send<Response>(
  call: ServerWritableStream<Buffer, Response>,
  message: Response,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (error === null || error === undefined) resolve();
      else
        reject(error instanceof Error ? error : new Error('the message could not be sent', { cause: error }));
    };
    const timer = setTimeout(() => {
      settle(new RequestError('SLOW_READER', { seconds: String(timeoutMs / 1_000) }));
    }, timeoutMs);
    const aborted = () => {
      settle(signal.reason);
    };
    signal.addEventListener('abort', aborted);
    call.write(message, settle);
  });
}
