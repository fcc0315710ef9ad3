import { RefusalError } from '@giro/sdk';
import type { Bank } from '@giro/sdk';
import type { Express, Request, RequestHandler, Response } from 'express';
import { READ_TIMEOUT_MS, WRITE_TIMEOUT_MS } from '../limits.js';
import { problemFormat } from '../problem.js';
import { readJsonBody } from './body.js';
import { EVENT_STREAM_TYPE } from './event-stream.js';
import { EventStreams } from './event-streams.js';
import type { EventStreamsOptions } from './event-streams.js';
import type { FailureFormat } from './failure-format.js';
import type { Blamable } from './field-at-fault.js';
import { failureOf, methodNotAllowed, routeNotFound } from './failure.js';
import { REPLAYED_HEADER } from './idempotency.js';
import { requestIdIn } from './request-id.js';
import type { Answer, Context, JsonAnswer, Route } from './route.js';

/** What the routes of one app share. */
export interface Serving extends EventStreamsOptions {
  readonly bank: Bank;
}

/** Puts the routes into an Express app; a path met with another method answers 405, any other path 404. */
export function serveRoutes(app: Express, routes: readonly Route[], serving: Serving): void {
  const streams = new EventStreams(serving);
  for (const path of new Set(routes.map((route) => route.path))) {
    const served = routes.filter((route) => route.path === path);
    const methods = app.route(expressPath(path));
    for (const route of served) methods[route.method](routeHandler(route, serving, streams));
    methods.all(otherMethods(served));
  }
  app.use((request, response) => {
    sendFailure(response, problemFormat, routeNotFound(request.path));
  });
}

/** Tells a client that its request failed, and the log why, if it is not the client's doing. */
export function sendFailure(
  response: Response,
  format: FailureFormat,
  thrown: unknown,
  request: Blamable = {},
): void {
  const failure = failureOf(thrown);
  const { error, status, headers } = failure;
  if (status >= 500) response.err = error;
  if (error instanceof RefusalError && error.replayed) response.set(REPLAYED_HEADER, 'true');
  response.set(headers);
  send(response, status, format.contentType, format.body(failure, requestIdIn(response), request));
}

function routeHandler(route: Route, { bank, stopSignal }: Serving, streams: EventStreams): RequestHandler {
  return async (request, response) => {
    const context: Context = {
      bank,
      reads: { timeoutMs: READ_TIMEOUT_MS, signal: goneSignal(response) },
      writes: { timeoutMs: WRITE_TIMEOUT_MS },
      requestId: requestIdIn(response),
      wantsEvents: request.accepts(['application/json', EVENT_STREAM_TYPE]) === EVENT_STREAM_TYPE,
      stopping: stopSignal.aborted,
    };
    try {
      const answer = await answerTo(route, request, response, context);
      if ('body' in answer) sendAnswer(response, answer);
      else await streams.answer(route, answer, request, response);
    } catch (thrown) {
      sendFailure(response, route.failureFormat, thrown, request);
    }
  };
}

async function answerTo(
  route: Route,
  request: Request,
  response: Response,
  context: Context,
): Promise<Answer> {
  const body = route.request.body === undefined ? undefined : await readJsonBody(request, response);
  const { params, query } = request;
  const header = (name: string) => request.get(name);
  return route.handle({ params, query, body, header }, context);
}

function sendAnswer(response: Response, { status, body, headers = {} }: JsonAnswer): void {
  response.set(headers);
  send(response, status, 'application/json', body);
}

function send(response: Response, status: number, contentType: string, body: unknown): void {
  response.status(status).type(contentType).send(JSON.stringify(body));
}

/** Fires when the client has hung up before it had its answer. */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client has gone'));
  });
  return controller.signal;
}

function otherMethods(served: readonly Route[]): RequestHandler {
  const methods = served.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  const allow = [...methods, 'OPTIONS'].join(', ');
  const format = served[0]?.failureFormat ?? problemFormat;
  return ({ method, path }, response) => {
    if (method === 'OPTIONS') response.set('Allow', allow).status(204).end();
    else sendFailure(response, format, methodNotAllowed(method, path, allow));
  };
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
