import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER, requestIdOf } from './http/request-id.js';
import { serverFaultOf } from './http/server-fault.js';

/**
 * Gives each request its id and, when it is over, a line in the log: id, method, path, status and duration. Never the
 * body or the query, which may name people.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startMs = Date.now();
    const requestId = requestIdOf(request);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    let isLogged = false;
    const log = (error?: Error) => {
      if (isLogged) return;
      isLogged = true;
      logRequest(logger, request, response, { requestId, error, durationMs: Date.now() - startMs });
    };
    response.on('close', log);
    response.on('error', log);
    next();
  };
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
