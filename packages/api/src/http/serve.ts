import type { ServerResponse } from 'node:http';
import { RefusalError } from '@giro/sdk';
import type { Bank } from '@giro/sdk';
import type { Express, Request, RequestHandler, Response } from 'express';
import { problemFormat } from '../problem.js';
import { readJsonBody } from './body.js';
import { ExpressRequest } from './express-request.js';
import { EventStreams } from './event-streams.js';
import type { EventStreamsOptions } from './event-streams.js';
import type { FailureFormat } from './failure-format.js';
import type { Blamable } from './field-at-fault.js';
import { failureOf, methodNotAllowed, routeNotFound } from './failure.js';
import { REPLAYED_HEADER } from './idempotency.js';
import { RequestContext } from './request-context.js';
import { requestIdIn } from './request-id.js';
import { noteRoute } from './noted-route.js';
import type { Answer, Context, JsonAnswer, Route } from './route.js';
import { noteServerFault } from './server-fault.js';

/** What the routes of one app share. */
export interface Serving extends EventStreamsOptions {
  readonly bank: Bank;
}

/** Puts the routes into an Express app; a path met with another method answers 405, any other path 404. */
export function serveRoutes(app: Express, routes: readonly Route[], serving: Serving): void {
  const streams = new EventStreams(serving);
  const handlers = new Map(routes.map((route) => [route, routeHandler(route, serving, streams)]));
  app.use(fixedPaths(handlers));
  for (const path of new Set(routes.map((route) => route.path))) {
    const served = routes.filter((route) => route.path === path);
    const methods = app.route(expressPath(path));
    for (const route of served) methods[route.method](handlers.get(route) ?? []);
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
  if (status >= 500) noteServerFault(response, error);
  if (error instanceof RefusalError && error.replayed) response.setHeader(REPLAYED_HEADER, 'true');
  setHeaders(response, headers);
  send(response, status, format.contentType, format.body(failure, requestIdIn(response), request));
}

/** Finds the paths without parameters by one look, where Express would try route after route. */
function fixedPaths(handlers: ReadonlyMap<Route, RequestHandler>): RequestHandler {
  const fixed = new Map<string, RequestHandler>();
  for (const [{ method, path }, handler] of handlers) fixed.set(`${method.toUpperCase()} ${path}`, handler);
  return (request, response, next) => {
    const handler = fixed.get(`${request.method} ${request.path}`);
    if (handler === undefined) next();
    else return handler(request, response, next);
  };
}

function routeHandler(route: Route, { bank, stopSignal }: Serving, streams: EventStreams): RequestHandler {
  return async (request, response) => {
    noteRoute(response, route.path);
    const context = new RequestContext(bank, stopSignal, request, response);
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
  return route.handle(new ExpressRequest(request, body), context);
}

function sendAnswer(response: Response, { status, body, headers = {} }: JsonAnswer): void {
  setHeaders(response, headers);
  send(response, status, 'application/json', body);
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(headers)) response.setHeader(name, headers[name] ?? '');
}

/** Without Express, which would look for what else an answer can be. */
function send(response: ServerResponse, status: number, contentType: string, body: unknown): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('Content-Type', `${contentType}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
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
