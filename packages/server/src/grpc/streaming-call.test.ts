/** How streams are sent: never faster than their callers read, and never left without an end. */
import { once } from 'node:events';
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { JournalServiceService, type WatchEntriesResponse } from '@giro/sdk/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { RequestError } from '../request-error.js';
import { logInto, refusedCall, type LogLine } from './bank.fixture.js';
import { addService, type ServiceHandlers } from './service.js';
import type { StreamContext } from './streaming-call.js';

type WatchHandler = ServiceHandlers<typeof JournalServiceService>['watchEntries'];

/** A server whose watches are answered by a test, and a call to it; `call` makes another. */
async function callWatch(handler: WatchHandler, { slowReaderTimeoutMs = 60_000, deadline = Infinity } = {}) {
  const log: LogLine[] = [];
  const stopping = new AbortController();
  const server = new Server();
  const unused = () => Promise.reject(new Error('unused'));
  const handlers = {
    listEntries: unused,
    getInclusionProof: unused,
    verifyJournal: handler as never,
    watchEntries: handler,
  };
  addService(server, logInto(log), JournalServiceService, handlers, {
    stopping: stopping.signal,
    slowReaderTimeoutMs,
  });
  const port = await new Promise<number>((resolve) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => {
      resolve(bound);
    });
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => {
    client.close();
    server.forceShutdown();
  });
  const { path, requestSerialize, responseDeserialize } = JournalServiceService.watchEntries;
  const request = { branch: 1, after: 0n, seal: undefined };
  const call = () => {
    const options = { deadline };
    const stream = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      options,
    );
    return stream.on('error', () => undefined);
  };
  return {
    stream: call(),
    call,
    log,
    stop: () => {
      stopping.abort();
    },
  };
}

async function endOf(stream: ClientReadableStream<WatchEntriesResponse>) {
  const [error] = (await once(stream, 'error')) as [ServiceError];
  return refusedCall(error);
}

const empty: WatchEntriesResponse = { entries: [], head: undefined };

/** About as large as a page of a watch can be. */
const large: WatchEntriesResponse = { entries: [], head: { position: 1n, hash: Buffer.alloc(1_000_000) } };

test('a stream ends in order, and its line in the log says how many messages it had', async () => {
  const { stream, log } = await callWatch(async function* () {
    for (let n = 0; n < 3; n++) yield await Promise.resolve(empty);
  });
  const messages: unknown[] = [];
  for await (const message of stream) messages.push(message);
  expect(messages).toEqual([empty, empty, empty]);
  expect(log).toMatchObject([{ reason: 'OK', messages: 3, level: 30 }]);
});

test('a reader that does not read is not read for, and is sent away when it takes too long', async () => {
  let made = 0;
  let finished = false;
  const { stream, log } = await callWatch(
    async function* () {
      try {
        for (;;) {
          made++;
          yield await Promise.resolve(large);
        }
      } finally {
        finished = true;
      }
    },
    { slowReaderTimeoutMs: 300 },
  );
  await once(stream, 'data');
  stream.pause();
  await expect.poll(() => log, { timeout: 10_000 }).toMatchObject([{ reason: 'SLOW_READER', level: 30 }]);
  expect(finished).toBe(true);
  // The first, 16 that the reader's stream holds, and one each in the reader's hands, on the way, and being sent.
  expect(made).toBeLessThanOrEqual(20);
  const ended = endOf(stream);
  let received = 1;
  stream.on('data', () => received++).resume();
  expect(await ended).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'SLOW_READER',
    metadata: { seconds: '0.3' },
  });
  expect(received).toBe(made);
});

test('a reader that reads slowly is waited for, and gets everything', async () => {
  let made = 0;
  const { stream } = await callWatch(async function* () {
    for (; made < 8; made++) yield await Promise.resolve(large);
  });
  let received = 0;
  for await (const { head } of stream as AsyncIterable<WatchEntriesResponse>) {
    expect(head?.hash).toHaveLength(1_000_000);
    received++;
    // What is on its way fits into windows and the reader's own buffer; the rest is not even made.
    expect(made - received).toBeLessThanOrEqual(3);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(received).toBe(8);
});

test.each<[string, unknown, object, object]>([
  [
    'a refusal',
    new RequestError('BRANCH_NOT_FOUND', { branch: '1' }),
    { code: 'NOT_FOUND', reason: 'BRANCH_NOT_FOUND', metadata: { branch: '1' } },
    { level: 30, reason: 'BRANCH_NOT_FOUND' },
  ],
  [
    'a fault',
    new Error('secret'),
    { code: 'INTERNAL', reason: 'INTERNAL' },
    { level: 50, reason: 'INTERNAL' },
  ],
])('%s after some messages comes after them', async (_what, error, end, line) => {
  const { stream, log } = await callWatch(async function* () {
    yield await Promise.resolve(empty);
    throw error;
  });
  const ended = endOf(stream);
  let received = 0;
  stream.on('data', () => received++);
  const { details, ...rest } = await ended;
  expect(rest).toMatchObject(end);
  expect(details).not.toContain('secret');
  expect(received).toBe(1);
  expect(log).toMatchObject([{ messages: 1, ...line }]);
});

/** A handler that sends one message and then waits until it is told to end. */
function waiting() {
  const contexts: StreamContext[] = [];
  const handler: WatchHandler = async function* (_request, context) {
    contexts.push(context);
    yield empty;
    await once(context.signal, 'abort');
  };
  return { handler, contexts };
}

test('a caller that hangs up ends the handler, and the call is closed', async () => {
  const { handler, contexts } = waiting();
  const { stream, log } = await callWatch(handler);
  await once(stream, 'data');
  const ended = endOf(stream);
  stream.cancel();
  expect(await ended).toMatchObject({ code: 'CANCELLED' });
  await contexts[0]?.closed;
  await expect.poll(() => log).toMatchObject([{ reason: 'CANCELLED', messages: 1 }]);
});

test('a deadline ends the handler too', async () => {
  const { handler, contexts } = waiting();
  const { stream, log } = await callWatch(handler, { deadline: Date.now() + 300 });
  stream.resume();
  expect(await endOf(stream)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await contexts[0]?.closed;
  await expect.poll(() => log).toMatchObject([{ reason: 'CANCELLED' }]);
});

test('a server that stops ends its streams with UNAVAILABLE, also one that comes too late', async () => {
  const { handler } = waiting();
  const { stream, call, log, stop } = await callWatch(handler);
  await once(stream, 'data');
  const ended = endOf(stream);
  stop();
  expect(await ended).toMatchObject({ code: 'UNAVAILABLE', reason: 'UNAVAILABLE' });
  expect(await endOf(call())).toMatchObject({ code: 'UNAVAILABLE', reason: 'UNAVAILABLE' });
  expect(log).toMatchObject([
    { reason: 'UNAVAILABLE', messages: 1, level: 30 },
    { reason: 'UNAVAILABLE', messages: 0, level: 30 },
  ]);
});
