import { getEventListeners, once } from 'node:events';
import { Client, credentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WatchEntriesRequest } from '../gen/giro/v1/journal_service.js';
import { MessageStream } from './message-stream.js';
import { refusal, startScriptedServer, type Scripts } from './scripted-server.fixture.js';

const PATH = '/giro.v1.JournalService/WatchEntries';
const REQUEST = WatchEntriesRequest.encode({ branch: 1, after: 0n }).finish();
const never = () => new Promise<never>(() => undefined);

/** What the scripts below answer goes by the test. */
let script: NonNullable<Scripts['watchEntries']>;
let server: Awaited<ReturnType<typeof startScriptedServer>>;
let client: Client;
beforeEach(async () => {
  server = await startScriptedServer({ watchEntries: (request, call) => script(request, call) });
  client = new Client(server.address, credentials.createInsecure());
});
afterEach(async () => {
  client.close();
  await server.stop();
});

function open(signal?: AbortSignal): MessageStream {
  return new MessageStream(client, PATH, REQUEST, { deadline: Infinity, signal });
}

describe('a stream of messages', () => {
  test('gives them one by one, and then its end', async () => {
    script = function* () {
      yield { entries: [] };
      yield { entries: [] };
    };
    const stream = open();
    expect(await stream.next(Infinity)).toEqual({ kind: 'message', bytes: Buffer.alloc(0) });
    expect(await stream.next(Infinity)).toMatchObject({ kind: 'message' });
    expect(await stream.next(Infinity)).toEqual({ kind: 'end' });
  });

  test('or how it failed', async () => {
    script = function* () {
      yield { entries: [] };
      throw refusal('UNAVAILABLE', { problem: 'gone' });
    };
    const stream = open();
    expect(await stream.next(Infinity)).toMatchObject({ kind: 'message' });
    expect(await stream.next(Infinity)).toMatchObject({
      kind: 'failed',
      error: { code: status.UNAVAILABLE },
    });
    expect(stream.getPeer()).toBe(server.address);
  });

  test('is cancelled when it is silent for too long, counted anew for each message', async () => {
    let cancelled: Promise<unknown> = Promise.resolve();
    script = async function* (_, call) {
      cancelled = once(call, 'cancelled');
      yield { entries: [] };
      await never();
    };
    const stream = open();
    expect(await stream.next(10_000)).toMatchObject({ kind: 'message' });
    expect(await stream.next(50)).toEqual({ kind: 'silent' });
    await cancelled;
  });

  test('that nobody reads may fail without ending the process', async () => {
    script = async function* () {
      await never();
    };
    const stream = open();
    stream.cancel();
    // What is thrown in vain would be thrown by now.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await stream.next(Infinity)).not.toMatchObject({ kind: 'message' });
  });

  test('ends with its signal, and leaves no listener on it', async () => {
    script = async function* () {
      yield { entries: [] };
      await never();
    };
    const controller = new AbortController();
    const aborted = open(controller.signal);
    expect(await aborted.next(Infinity)).toMatchObject({ kind: 'message' });
    controller.abort();
    expect(await aborted.next(Infinity)).toMatchObject({ kind: 'failed', error: { code: status.CANCELLED } });

    const { signal } = new AbortController();
    const left = open(signal);
    await left.next(Infinity);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    left.cancel();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
