import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Bank, BankError } from '@giro/sdk';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { eventsIn, take } from '../../test-support/event-reader.js';
import { defineRoute, eventAnswer } from './route.js';
import type { EventAnswer } from './route.js';
import { serveRoutes } from './serve.js';

/** Serves one stream at /events, and tells where. */
async function serve(events: EventAnswer['events'], streamsMax?: number) {
  const bank = new Bank({ servers: '127.0.0.1:1' });
  const stop = new AbortController();
  const route = defineRoute({
    method: 'get',
    path: '/events',
    operationId: 'events',
    tag: 'Test',
    summary: 'Stream',
    request: {},
    responses: { 200: { description: 'Events.', events: 'Anything.' } },
    reasons: [],
    handler: () => Promise.resolve(eventAnswer(200, events)),
  });
  const app = express();
  serveRoutes(app, [route], {
    bank,
    stopSignal: stop.signal,
    ...(streamsMax === undefined ? {} : { streamsMax }),
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await bank.close();
  });
  return { stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

/** One event, and then nothing until the signal fires. */
async function* oneEvent(signal: AbortSignal) {
  yield { event: 'hello', data: {} };
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('the signal fired');
}

test('there are so many streams at a time, and room for another when one ends', async () => {
  const { url } = await serve(oneEvent, 2);
  const open = async () => {
    const hangUp = new AbortController();
    const response = await fetch(url, { signal: hangUp.signal });
    return { status: response.status, response, hangUp };
  };
  const [first, second] = [await open(), await open()];
  expect([first.status, second.status]).toEqual([200, 200]);
  const third = await open();
  expect(third.status).toBe(429);
  expect(third.response.headers.get('retry-after')).toBe('1');
  expect(await third.response.json()).toMatchObject({
    reason: 'OVERLOADED',
    problem: '2 event streams are open already',
  });
  first.hangUp.abort();
  await expect
    .poll(async () => {
      const { status, hangUp } = await open();
      hangUp.abort();
      return status;
    })
    .toBe(200);
  second.hangUp.abort();
});

test('a stop ends the streams that are open, and those that come after', async () => {
  const { url, stop } = await serve(oneEvent);
  const events = eventsIn(await fetch(url));
  expect(await take(events, 1)).toMatchObject([{ event: 'hello' }]);
  stop.abort(new Error('stop'));
  // In good order: the reader throws if the connection is cut.
  expect(await events.next()).toMatchObject({ done: true });
  const late = eventsIn(await fetch(url));
  expect(await late.next()).toMatchObject({ done: true });
});

test('what fails on the way is an event, and the end', async () => {
  const { url } = await serve(async function* () {
    yield { id: '1', event: 'hello', data: {} };
    await Promise.resolve();
    throw new BankError({ reason: 'UNAVAILABLE', metadata: { problem: 'no server at 10.0.0.1' } });
  });
  const events = eventsIn(await fetch(url));
  const [, problem] = await take(events, 2);
  expect(problem).toMatchObject({
    id: undefined,
    event: 'problem',
    data: { reason: 'UNAVAILABLE', status: 503 },
  });
  expect(JSON.stringify(problem)).not.toContain('10.0.0.1');
  expect(await events.next()).toMatchObject({ done: true });
});
