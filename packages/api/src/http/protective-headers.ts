import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** Gives each answer helmet's headers, and keeps it out of every cache: it is about money as it is now. */
export function protectAnswers(): RequestHandler {
  const headers = [...helmetHeaders(), ['Cache-Control', 'no-store'] as const];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

/** What helmet sets. By default that is the same for every request, so asking it once will do. */
function helmetHeaders(): (readonly [name: string, value: string])[] {
  const headers: (readonly [string, string])[] = [];
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  response.setHeader = (name, value) => {
    headers.push([name, String(value)]);
    return response;
  };
  helmet()(response.req, response, () => undefined);
  return headers;
}
