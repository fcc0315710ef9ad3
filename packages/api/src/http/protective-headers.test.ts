import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { expect, onTestFinished, test } from 'vitest';
import { protectAnswers } from './protective-headers.js';

test("every answer has helmet's headers, each as helmet writes it, and is kept nowhere", async () => {
  const expected = await headersBehind(helmet(), (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  expect(expected.length).toBeGreaterThan(10);
  expect(await headersBehind(protectAnswers())).toEqual(expected);
});

/** The headers that handlers give an answer, in their order. */
async function headersBehind(...handlers: RequestHandler[]): Promise<string[]> {
  const app = express().disable('x-powered-by');
  app.use(...handlers);
  app.use((_request, response) => {
    response.sendDate = false;
    response.end();
  });
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const { rawHeaders } = response.resume();
  return rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1] ?? ''}`] : []));
}
