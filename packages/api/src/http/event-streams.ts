import type { Request, Response } from 'express';
import { STREAMS_MAX } from '../limits.js';
import { beginEvents, sendEvents, textOf } from './event-stream.js';
import { failureOf, tooManyStreams } from './failure.js';
import { requestIdIn } from './request-id.js';
import type { EventAnswer, Route } from './route.js';
import { noteServerFault } from './server-fault.js';

export interface EventStreamsOptions {
  /** Fires when the API is to stop. */
  readonly stopSignal: AbortSignal;
  /**
   * Most event streams at a time.
   *
   * @defaultValue {@link STREAMS_MAX}
   */
  readonly streamsMax?: number;
}

/** The event streams of one app: so many at a time, and none beyond the stop. */
export class EventStreams {
  readonly #open = new Set<AbortController>();
  readonly #stopSignal: AbortSignal;
  readonly #streamsMax: number;

  constructor({ stopSignal, streamsMax = STREAMS_MAX }: EventStreamsOptions) {
    this.#stopSignal = stopSignal;
    this.#streamsMax = streamsMax;
    stopSignal.addEventListener('abort', () => {
      for (const stream of this.#open) stream.abort(stopSignal.reason);
    });
  }

  /**
   * Answers with events until they end, the client goes, or the API stops. What goes wrong on the way is told by an event
   * of its own, since the status is out.
   *
   * @throws Failure before anything is sent if there are too many streams
   */
  async answer(
    { failureFormat }: Route,
    { status, events }: EventAnswer,
    request: Request,
    response: Response,
  ): Promise<void> {
    const signal = this.#opened(response);
    beginEvents(response, status);
    try {
      if (request.method !== 'HEAD') await sendEvents(response, events(signal), signal);
    } catch (thrown) {
      if (!signal.aborted) {
        const failure = failureOf(thrown);
        if (failure.status >= 500) noteServerFault(response, failure.error);
        const data = failureFormat.body(failure, requestIdIn(response), request);
        response.write(textOf({ event: 'problem', data }));
      }
    }
    response.end();
  }

  /** @returns a signal that fires when the response is over, whoever ends it, or the API is to stop */
  #opened(response: Response): AbortSignal {
    if (this.#open.size >= this.#streamsMax) throw tooManyStreams(this.#streamsMax);
    const stream = new AbortController();
    this.#open.add(stream);
    response.once('close', () => {
      this.#open.delete(stream);
      stream.abort(new Error('the client has gone'));
    });
    if (this.#stopSignal.aborted) stream.abort(this.#stopSignal.reason);
    return stream.signal;
  }
}
