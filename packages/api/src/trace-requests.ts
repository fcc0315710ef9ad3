import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interceptor } from '@giro/sdk';
import { traceCalls } from '@giro/sdk/opentelemetry';
import {
  context,
  isSpanContextValid,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
} from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { routeOf } from './http/noted-route.js';

/**
 * Makes each request a span, by OpenTelemetry's conventions for HTTP, and what is done for it part of that. It is below
 * the span that is active, as with an instrumented server, or else goes on with the trace that the client sent. It has the
 * route and never the path or the query, which may name accounts and people.
 */
export function traceRequests(): RequestHandler {
  return (request, response, next) => {
    const active = context.active();
    const around =
      trace.getSpan(active) === undefined ? propagation.extract(active, request.headers) : active;
    const span = TRACER.startSpan(request.method, { kind: SpanKind.SERVER }, around);
    if (!isSpanContextValid(span.spanContext())) {
      // Nobody is registered to hear of it.
      next();
      return;
    }
    traceIds.set(response, span.spanContext().traceId);
    if (span.isRecording()) {
      response.once('close', () => {
        endSpan(span, request, response);
      });
    }
    context.with(trace.setSpan(around, span), () => {
      next();
    });
  };
}

/** Makes the calls for a request spans below its own; others, and all while nobody hears of spans, go by as they are. */
export function traceRequestCalls(): Interceptor {
  const traced = traceCalls();
  return (call, next) => (trace.getActiveSpan() === undefined ? next(call) : traced(call, next));
}

/** The trace that a request is part of, by W3C Trace Context; undefined if it is in none. */
export function traceIdOf(request: IncomingMessage, response: ServerResponse): string | undefined {
  const known = traceIds.get(response);
  if (known !== undefined) return known;
  const { traceparent } = request.headers;
  const [, traceId] = TRACEPARENT.exec(typeof traceparent === 'string' ? traceparent : '') ?? [];
  return traceId === NO_TRACE ? undefined : traceId;
}

const TRACER = trace.getTracer('@giro/api');

const traceIds = new WeakMap<ServerResponse, string>();

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** What the standard calls invalid. */
const NO_TRACE = '0'.repeat(32);

function endSpan(span: Span, { method }: IncomingMessage, response: ServerResponse): void {
  const route = routeOf(response);
  span.setAttributes({ 'http.request.method': method, 'url.scheme': 'http' });
  if (route !== undefined) span.setAttribute('http.route', route).updateName(`${method} ${route}`);
  // A client that has gone got none.
  if (response.headersSent) span.setAttribute('http.response.status_code', response.statusCode);
  if (response.statusCode >= 500) {
    span.setAttribute('error.type', String(response.statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
