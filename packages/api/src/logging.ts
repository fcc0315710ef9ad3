import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { LevelWithSilent, Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { REQUEST_ID_HEADER, requestIdOf } from './http/request-id.js';

/**
 * Gives each request its id and, when it is over, a line in the log: id, method, path, status and duration. Never the
 * body or the query, which may name people.
 */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (request, response) => {
      const id = requestIdOf(request);
      response.setHeader(REQUEST_ID_HEADER, id);
      return id;
    },
    customLogLevel: levelOf,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
    customSuccessObject: (request, response, line: object) => ({
      ...line,
      ...requestFields(request, response),
    }),
    customErrorObject: (request, response, _, line: object) => ({
      ...line,
      ...requestFields(request, response),
    }),
    serializers: { req: () => undefined, res: () => undefined },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request failed',
  });
}

function requestFields(request: IncomingMessage, response: ServerResponse) {
  return { method: request.method, path: pathOf(request), status: response.statusCode };
}

/** Probes come every few seconds and say nothing when all is well. */
function levelOf(request: IncomingMessage, response: ServerResponse, error?: Error): LevelWithSilent {
  if (error !== undefined || response.statusCode >= 500) return 'error';
  return PROBES.has(pathOf(request)) ? 'debug' : 'info';
}

const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

function pathOf(request: IncomingMessage): string {
  const url =
    'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : request.url;
  return (url ?? '').split('?', 1)[0] ?? '';
}
