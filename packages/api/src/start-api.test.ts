import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bank, formatAccountId, InvalidArgumentError } from '@giro/sdk';
import { BranchState } from '@giro/sdk/protocol';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { eventsIn, take } from '../test-support/event-reader.js';
import { startScriptedServer } from '../test-support/scripted-server.js';
import type { Scripts } from '../test-support/scripted-server.js';
import { testClient } from '../test-support/test-client.js';
import { createApi } from './create-api.js';
import { startApi } from './start-api.js';

const account = formatAccountId({ branch: 1, serial: 1 });
const deposit = { to: account, amount: { amount: '5', currency: 'USD' } };

const branch = {
  id: 1,
  state: BranchState.OPEN,
  position: 3n,
  time: { seconds: 1n, nanos: 0 },
  cash: [],
  head: undefined,
};

/** An API on a server that does as the test has it. */
async function apiOn(scripts: Scripts) {
  const server = await startScriptedServer(scripts);
  const api = await startApi({ servers: server.address, port: 0 });
  onTestFinished(async () => {
    await api.close();
    await server[Symbol.asyncDispose]();
  });
  return { ...testClient(api.port), port: api.port, close: () => api.close() };
}

describe('starting', () => {
  test('a port that is taken is refused', async () => {
    const api = await startApi({ servers: inject('servers'), port: 0 });
    onTestFinished(() => api.close());
    await expect(startApi({ servers: inject('servers'), port: api.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('addresses that are none are refused', async () => {
    await expect(startApi({ servers: 'nonsense', port: 0 })).rejects.toBeInstanceOf(InvalidArgumentError);
  });
});

describe('health', () => {
  test('with a bank: alive and ready', async () => {
    const api = await startApi({ servers: inject('servers'), port: 0 });
    onTestFinished(() => api.close());
    const { get } = testClient(api.port);
    expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } });
    expect(await get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  test('without one: alive, but not ready', async () => {
    const api = await startApi({ servers: '127.0.0.1:1', port: 0 });
    onTestFinished(() => api.close());
    const { get } = testClient(api.port);
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    const { status, headers, body } = await get('/readyz');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ reason: 'UNAVAILABLE', status: 503 });
  });

  test('with servers that never say anything: not ready, soon', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const api = await startApi({ servers: `127.0.0.1:${port}`, port: 0 });
    onTestFinished(async () => {
      await api.close();
      silent.close();
    });
    const start = Date.now();
    expect(await testClient(api.port).get('/readyz')).toMatchObject({ status: 503 });
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  test('when it is stopping: alive, but not ready', async () => {
    const bank = new Bank({ servers: inject('servers') });
    const server = createApi({ bank, stopSignal: AbortSignal.abort() }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(async () => {
      server.close();
      await bank.close();
    });
    const { get } = testClient((server.address() as { port: number }).port);
    expect(await get('/healthz')).toMatchObject({ status: 200 });
    expect(await get('/readyz')).toMatchObject({ status: 503, body: { reason: 'UNAVAILABLE' } });
  });
});

describe('what fails behind the API', () => {
  test('a server that is gone is 503, without a word of where it was', async () => {
    const api = await startApi({ servers: '127.0.0.1:1', port: 0 });
    onTestFinished(() => api.close());
    const { get, post } = testClient(api.port);
    for (const answer of [await get('/v1/branches/1'), await post('/v1/deposits', deposit)]) {
      expect(answer).toMatchObject({ status: 503, body: { reason: 'UNAVAILABLE' } });
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1');
    }
    const seed = await post('/transaction', { customer_id: 1, type: 'query' });
    expect(seed.status).toBe(503);
    expect(JSON.stringify(seed.body)).not.toContain('127.0.0.1');
  });

  test('an unexpected error is 500, without a word of its insides', async () => {
    const { get } = await apiOn({ getBranch: () => Promise.reject(new Error('password=hunter2')) });
    const { status, body } = await get('/v1/branches/1');
    expect(status).toBe(500);
    expect(body['reason']).toBe('INTERNAL');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  test('a write whose answer was lost is unknown, and tells the id to ask with', async () => {
    const { post } = await apiOn({ deposit: () => Promise.reject(new Error('lost')) });
    const key = randomUUID();
    const { status, body } = await post('/v1/deposits', deposit, { 'Idempotency-Key': key });
    expect(status).toBe(503);
    expect(body).toMatchObject({ reason: 'OUTCOME_UNKNOWN', id: key });
  });

  test('a read without an answer is 504 at its deadline', async () => {
    const { get } = await apiOn({ getBranch: () => new Promise(() => undefined) });
    const start = Date.now();
    const { status, body } = await get('/v1/branches/1');
    expect(status).toBe(504);
    expect(body['reason']).toBe('DEADLINE_EXCEEDED');
    expect(Date.now() - start).toBeLessThan(12_000);
  });
});

describe('a client that hangs up', () => {
  test('ends its read', async () => {
    const events = new EventEmitter();
    const [asked, cancelled] = [once(events, 'asked'), once(events, 'cancelled')];
    const { port } = await apiOn({
      getBranch: async (call) => {
        call.on('cancelled', () => events.emit('cancelled', 'cancelled'));
        events.emit('asked');
        return new Promise(() => undefined);
      },
    });
    const hangUp = new AbortController();
    const request = fetch(`http://127.0.0.1:${port}/v1/branches/1`, { signal: hangUp.signal });
    await asked;
    hangUp.abort();
    await expect(request).rejects.toThrow();
    expect(await Promise.race([cancelled, sleep(10_000, 'still running')])).toEqual(['cancelled']);
  });

  test('ends its watch', async () => {
    const events = new EventEmitter();
    const cancelled = once(events, 'cancelled');
    const { port } = await apiOn({
      getBranch: () => Promise.resolve({ branch }),
      watchEntries: (call) => {
        call.on('cancelled', () => events.emit('cancelled', 'cancelled'));
      },
    });
    const hangUp = new AbortController();
    const { signal } = hangUp;
    const response = await fetch(`http://127.0.0.1:${port}/v1/branches/1/journal/stream`, { signal });
    expect(response.status).toBe(200);
    hangUp.abort();
    expect(await Promise.race([cancelled, sleep(10_000, 'still running')])).toEqual(['cancelled']);
  });

  test('ends its verification', async () => {
    const events = new EventEmitter();
    const cancelled = once(events, 'cancelled');
    const { port } = await apiOn({
      getBranch: () => Promise.resolve({ branch }),
      verifyJournal: (call) => {
        call.on('cancelled', () => events.emit('cancelled', 'cancelled'));
        call.write({ event: { $case: 'progress', value: { position: 2n, lastPosition: 9n } } });
      },
    });
    const hangUp = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/v1/branches/1/verification`, {
      method: 'POST',
      headers: { Accept: 'text/event-stream' },
      signal: hangUp.signal,
    });
    expect(await take(eventsIn(response), 1)).toMatchObject([
      { event: 'progress', data: { position: '2', lastPosition: '9' } },
    ]);
    hangUp.abort();
    expect(await Promise.race([cancelled, sleep(10_000, 'still running')])).toEqual(['cancelled']);
  });

  test('does not end its write', async () => {
    const events = new EventEmitter();
    const [asked, ended] = [once(events, 'asked'), once(events, 'ended')];
    const { port } = await apiOn({
      deposit: async (call) => {
        events.emit('asked');
        await sleep(500);
        events.emit('ended', call.cancelled);
        return { receipt: undefined };
      },
    });
    const hangUp = new AbortController();
    const request = fetch(`http://127.0.0.1:${port}/v1/deposits`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(deposit),
      signal: hangUp.signal,
    });
    await asked;
    hangUp.abort();
    await expect(request).rejects.toThrow();
    expect(await ended).toEqual([false]);
  });
});

describe('stopping', () => {
  test('ends event streams', async () => {
    const { port, close } = await apiOn({
      getBranch: () => Promise.resolve({ branch }),
      watchEntries: () => undefined,
    });
    const events = eventsIn(await fetch(`http://127.0.0.1:${port}/v1/branches/1/journal/stream`));
    const ended = events.next();
    const closed = close();
    // Long before the drain is over, and connections are cut.
    expect(await Promise.race([ended, sleep(10_000, 'still open')])).toMatchObject({ done: true });
    await closed;
  });

  test('finishes the requests in flight, takes no new ones, and then is over', async () => {
    const events = new EventEmitter();
    const [asked, release] = [once(events, 'asked'), once(events, 'release')];
    const { get, port, close } = await apiOn({
      getBranch: async () => {
        events.emit('asked');
        await release;
        return { branch };
      },
    });
    // Connections that are kept alive, or on which nothing was asked yet, must not hold up the end.
    await get('/healthz');
    const fresh = connect(port, '127.0.0.1');
    await once(fresh, 'connect');
    const begun = connect(port, '127.0.0.1');
    begun.write('GET /healthz HTTP/1.1\r\nHost: ');
    const inFlight = get('/v1/branches/1');
    await asked;
    const cut = Promise.all([once(fresh, 'close'), once(begun, 'close')]);
    const closed = close();
    await cut;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    events.emit('release');
    const { status, headers, body } = await inFlight;
    expect(status).toBe(200);
    expect(body['time']).toBe('1970-01-01T00:00:01.000000Z');
    expect(headers.get('connection')).toBe('close');
    expect(await Promise.race([closed, sleep(10_000, 'still open')])).toBeUndefined();
    await close();
  });
});
