import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { EVENT_STREAM_TYPE } from './http/event-stream.js';
import { routeOf } from './http/noted-route.js';
import { REQUEST_ID_HEADER, requestIdOf } from './http/request-id.js';
import { serverFaultOf } from './http/server-fault.js';
import type { ApiMetrics } from './metrics.js';

/**
 * Gives each request its id and, when it is over, a line in the log, and in the metrics: id, method, path, status and duration. Never the
 * body or the query, which may name people.
 */
export function logRequests(logger: Logger, metrics?: ApiMetrics): RequestHandler {
  return (request, response, next) => {
    const startMs = Date.now();
    const end = metrics?.begin();
    const requestId = requestIdOf(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    let isLogged = false;
    const log = (error?: Error) => {
      if (isLogged) return;
      isLogged = true;
      const durationMs = Date.now() - startMs;
      logRequest(logger, request, response, { requestId, error, durationMs });
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
  const path = pathOf(request);
  const isError = error !== undefined || status >= 500;
  const err =
    error ??
    serverFaultOf(response) ??
    (isError ? new Error(`failed with status code ${status}`) : undefined);
  const level = isError ? 'error' : PROBES.has(path) ? 'debug' : 'info';
  if (err === undefined) logger[level]({ requestId, durationMs, method, path, status }, 'request');
  else logger[level]({ requestId, err, durationMs, method, path, status }, 'request failed');
}

/** Probes come every few seconds and say nothing when all is well. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

function pathOf(request: IncomingMessage): string {
  const url =
    'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : request.url;
  if (url === undefined) return '';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
