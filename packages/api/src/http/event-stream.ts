import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Response } from 'express';
import { HEARTBEAT_INTERVAL_MS, RECONNECT_AFTER_MS } from '../limits.js';

/** The media type of server-sent events (WHATWG HTML, section 9.2). */
export const EVENT_STREAM_TYPE = 'text/event-stream';

/** One server-sent event. */
export interface ServerEvent {
  /** What a client that lost its connection sends as Last-Event-ID; no line break in it. */
  readonly id?: string;
  /** What kind of event it is; no line break in it. */
  readonly event: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

/** Sends the head of an event stream, so that the client knows that it is open before there is an event. */
export function beginEvents(response: Response, status: number): void {
  response.status(status).type(EVENT_STREAM_TYPE);
  // A stream ends with its connection, so that a stop of the API need not wait for the next request on it.
  response.set('Connection', 'close');
  // nginx would gather events before it passes them on.
  response.set('X-Accel-Buffering', 'no');
  response.flushHeaders();
}

/**
 * Sends events as they come, with comments in between as signs of life. The next event is asked for when the client has
 * taken the one before, so that nothing is gathered here for a slow one.
 *
 * @throws what `events` throws, or the signal's AbortError
 */
export async function sendEvents(
  response: Writable,
  events: AsyncIterable<ServerEvent>,
  signal: AbortSignal,
): Promise<void> {
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, HEARTBEAT_INTERVAL_MS);
  try {
    await write(response, `retry: ${RECONNECT_AFTER_MS}\n\n`, signal);
    for await (const event of events) await write(response, textOf(event), signal);
  } finally {
    clearInterval(heartbeat);
  }
}

/** One event as the stream has it. JSON has no line breaks of its own. */
export function textOf({ id, event, data }: ServerEvent): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function write(response: Writable, text: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!response.write(text)) await once(response, 'drain', { signal });
}
