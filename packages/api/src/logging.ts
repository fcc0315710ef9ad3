import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { EVENT_STREAM_TYPE } from './http/event-stream.js';
import { routeOf } from './http/noted-route.js';
import { REQUEST_ID_HEADER, requestIdOf } from './http/request-id.js';
import { serverFaultOf } from './http/server-fault.js';
import type { ApiMetrics } from './metrics.js';
import { traceIdOf } from './trace-requests.js';

/**
 * Gives each request its id and, when it is over, a line in the log, and in the metrics: id, trace, method, route, status
 * and duration. Never the path, the query or the body, which may name accounts and people.
 */
export function logRequests(logger: Logger, metrics?: ApiMetrics): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now();
    const end = metrics?.begin();
    const requestId = requestIdOf(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    let isLogged = false;
    const log = (error?: Error) => {
      if (isLogged) return;
      isLogged = true;
      const durationMs = performance.now() - startedMs;
      logRequest(logger, request, response, { requestId, error, durationMs: Math.round(durationMs) });
      const { method } = request;
      const { statusCode: status } = response;
      end?.({ method, route: routeOf(response), status, durationMs }, isEventStream(response));
    };
    response.on('close', log);
    response.on('error', log);
    next();
  };
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith(EVENT_STREAM_TYPE);
}

interface Course {
  readonly requestId: string;
  /** Why it could not be answered to the end. */
  readonly error: Error | undefined;
  readonly durationMs: number;
}

function logRequest(
  logger: Logger,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, error, durationMs }: Course,
): void {
  const { method } = request;
  const { statusCode: status } = response;
  const route = routeOf(response);
  // Under the name that log collectors look for; what is undefined is left out.
  const line = { requestId, trace_id: traceIdOf(request, response), durationMs, method, route, status };
  const isError = error !== undefined || status >= 500;
  const err =
    error ??
    serverFaultOf(response) ??
    (isError ? new Error(`failed with status code ${status}`) : undefined);
  const level = isError ? 'error' : PROBES.has(route) ? 'debug' : 'info';
  if (err === undefined) logger[level](line, 'request');
  else logger[level]({ ...line, err }, 'request failed');
}

/** Probes come every few seconds and say nothing when all is well. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz']);
