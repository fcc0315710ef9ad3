import type { Headers } from './server.js';

/** W3C trace context: the only headers that calls of one request may share. */
const TRACE_HEADERS: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/** Whether calls with such headers may go out in one request with others. */
export function mayShare(headers: Headers | undefined): boolean {
  return headers === undefined || Object.keys(headers).every((name) => TRACE_HEADERS.has(name));
}

/** The trace that a request of several calls belongs to: that of the first which is sampled, else of the first. */
export function sharedTrace(
  calls: readonly { readonly limits: { readonly headers?: Headers | undefined } }[],
): Headers | undefined {
  let first: Headers | undefined;
  for (const { limits } of calls) {
    const { headers } = limits;
    if (headers?.['traceparent'] === undefined) continue;
    if (SAMPLED.test(headers['traceparent'])) return headers;
    first ??= headers;
  }
  return first;
}

/** The last bit of the flags, https://www.w3.org/TR/trace-context/#sampled-flag */
const SAMPLED = /-[\da-f][13579bdf]$/;
