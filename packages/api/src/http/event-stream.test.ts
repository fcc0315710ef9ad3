import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { HEARTBEAT_INTERVAL_MS } from '../limits.js';
import { sendEvents, textOf } from './event-stream.js';
import type { ServerEvent } from './event-stream.js';

afterEach(() => vi.useRealTimers());

const never = new AbortController().signal;

function textIn(stream: PassThrough): string {
  return String((stream.read() as Buffer | null) ?? '');
}

test('an event is its id, its kind and its data as JSON on one line', () => {
  expect(textOf({ id: '7', event: 'posting', data: { text: 'two\nlines' } })).toBe(
    'id: 7\nevent: posting\ndata: {"text":"two\\nlines"}\n\n',
  );
  expect(textOf({ event: 'result', data: null })).toBe('event: result\ndata: null\n\n');
});

test('events are asked for no faster than they are taken', async () => {
  const stream = new PassThrough({ highWaterMark: 100 });
  let asked = 0;
  async function* events(): AsyncGenerator<ServerEvent> {
    while (asked < 100) {
      asked += 1;
      yield await Promise.resolve({ event: 'posting', data: { asked } });
    }
  }
  const sent = sendEvents(stream, events(), never);
  const settle = async () => {
    for (let i = 0; i < 100; i += 1) await setImmediate();
    return asked;
  };
  const stalled = await settle();
  expect(stalled).toBeLessThan(10);
  expect(await settle()).toBe(stalled);
  stream.resume();
  await sent;
  expect(asked).toBe(100);
});

test('there are signs of life while there is nothing to say, but not into a full pipe', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const stream = new PassThrough({ highWaterMark: 100 });
  const stop = new AbortController();
  async function* events(): AsyncGenerator<ServerEvent> {
    await new Promise((_, reject) => {
      stop.signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
    });
    yield { event: 'posting', data: 1 };
  }
  const sent = sendEvents(stream, events(), stop.signal);
  await setImmediate();
  expect(textIn(stream)).toMatch(/^retry: \d+\n\n$/);
  vi.advanceTimersByTime(2 * HEARTBEAT_INTERVAL_MS);
  expect(textIn(stream)).toBe(':\n\n:\n\n');
  stream.write('x'.repeat(200));
  vi.advanceTimersByTime(HEARTBEAT_INTERVAL_MS);
  expect(textIn(stream)).toBe('x'.repeat(200));
  stop.abort();
  await expect(sent).rejects.toThrow('stopped');
  vi.advanceTimersByTime(HEARTBEAT_INTERVAL_MS);
  expect(textIn(stream)).toBe('');
});

test('the signal ends a wait for a client that takes nothing', async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const stop = new AbortController();
  const returned = vi.fn();
  async function* events(): AsyncGenerator<ServerEvent> {
    try {
      for (let i = 0; i < 1_000; i += 1) yield await Promise.resolve({ event: 'posting', data: i });
    } finally {
      returned();
    }
  }
  const sent = sendEvents(stream, events(), stop.signal);
  stream.read();
  await setImmediate();
  stop.abort();
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  expect(returned).toHaveBeenCalledOnce();
});
