/**
 * Traces of the client's calls, for programs that use OpenTelemetry.
 *
 * @packageDocumentation
 */
import { status } from '@grpc/grpc-js';
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { catalogue } from './catalogue/catalogue.js';
import type { Interceptor, OutgoingCall } from './client/interceptor.js';
import { BankError } from './errors/bank-error.js';

/** What {@link traceCalls} takes. */
export interface TraceOptions {
  /**
   * Makes the spans.
   *
   * @defaultValue that of the globally registered provider; without one, tracing costs next to nothing
   */
  readonly tracer?: Tracer | undefined;
}

/**
 * A span for each call, which names the server that answered, with an event for each attempt that failed and is made
 * again, by OpenTelemetry's conventions for RPC. The server continues the trace: `traceparent` and `tracestate` go with the
 * request. Of several calls that share a request, the server continues one, the first that is sampled. A span has the
 * branch and the write's id, and no names, accounts or amounts.
 *
 * @example
 * const bank = new Bank({ servers: 'localhost:5001', interceptors: [traceCalls()] });
 */
export function traceCalls({ tracer = trace.getTracer('@giro/sdk') }: TraceOptions = {}): Interceptor {
  return (call, next) => {
    const name = `${call.service}/${call.method}`;
    return tracer.startActiveSpan(
      name,
      { kind: SpanKind.CLIENT, attributes: attributesOf(call) },
      async (span) => {
        try {
          const result = await next({ ...call, headers: traced(call), ...noted(span, call) });
          span.setAttribute('rpc.grpc.status_code', 0);
          return result;
        } catch (error) {
          noteError(span, error);
          throw error;
        } finally {
          span.end();
        }
      },
    );
  };
}

function attributesOf({ service, method, branch, id }: OutgoingCall): Record<string, string | number> {
  const attributes = {
    'rpc.system': 'grpc',
    'rpc.service': service,
    'rpc.method': method,
    'giro.branch': branch,
  };
  return id === undefined ? attributes : { ...attributes, 'giro.write_id': id };
}

/** The trace context alone: the bank has no use for baggage, and calls that carry it could not share a request. */
function traced({ headers }: OutgoingCall): OutgoingCall['headers'] {
  const injected: Record<string, string> = {};
  propagation.inject(context.active(), injected);
  const { traceparent, tracestate } = injected;
  return {
    ...headers,
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
  };
}

function noted(
  span: Span,
  { onAttempt, onRetry }: OutgoingCall,
): Pick<OutgoingCall, 'onAttempt' | 'onRetry'> {
  return {
    onAttempt: (attempt) => {
      // That of the last attempt, which is the one that answered, stays.
      span.setAttributes(serverOf(attempt.server));
      onAttempt(attempt);
    },
    onRetry: (retry) => {
      const { attempts, server, reason, delayMs } = retry;
      span.addEvent('retry', {
        'giro.attempts': attempts,
        ...serverOf(server),
        'error.type': reason,
        'giro.delay_ms': delayMs,
      });
      onRetry(retry);
    },
  };
}

/** Where there is one, `host:port`; else the names that could not be looked up. */
function serverOf(server: string): Record<string, string | number> {
  const { host, port } = /^\[?(?<host>[^,/\]]+)\]?:(?<port>\d+)$/.exec(server)?.groups ?? {};
  return host === undefined
    ? { 'server.address': server }
    : { 'server.address': host, 'server.port': Number(port) };
}

/** What gRPC said, or would say of a failure that never reached it. */
function codeOf({ cause, reason }: BankError): number {
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return typeof code === 'number' ? code : status[catalogue[reason].code];
}

function noteError(span: Span, error: unknown): void {
  const reason = error instanceof BankError ? error.reason : 'INTERNAL';
  span.setAttribute('error.type', reason);
  if (error instanceof BankError)
    span.setAttributes({ 'giro.attempts': error.attempts, 'rpc.grpc.status_code': codeOf(error) });
  // Not the message: it may name accounts and amounts.
  span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
}
