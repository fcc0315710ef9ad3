import { onAbort } from './abort.js';
import { guardAnswer, type Attempted, type AttemptLimits, type RequestTerms } from './attempt.js';
import type { Failure } from './failure.js';
import type { Share } from './joint.js';
import type { Sending } from './server.js';

/** A call that waits to be sent or answered, whatever its answer is made into. */
export interface Waiting<Item, Part> {
  readonly path: string;
  readonly limits: AttemptLimits;
  /** As how much it counts against the bounds of a request. */
  readonly count: number;
  /** How many bytes it adds to a request, at most. */
  readonly bytesMax: number;
  readonly done: boolean;
  /** The request that it went out with, once it did. */
  request: OpenRequest<Item, Part> | undefined;
  /** What it asks for in a request made of several. */
  item(): Item;
  /** The request that it is alone. */
  encode(): Uint8Array;
  /** Takes the answer to the call sent alone. */
  answerAlone(bytes: Uint8Array): void;
  /** Takes the call's part of the answer to several. */
  answerPart(part: Part): void;
  fail(failure: Failure): void;
}

/** A request in flight, and the calls in it. */
export interface OpenRequest<Item, Part> {
  readonly calls: readonly Waiting<Item, Part>[];
  readonly deadline: number;
  /** How many of them still wait. */
  waiting: number;
  /** Undefined before it is sent and once it is answered. */
  sending: Sending | undefined;
}

/** Settles once; what comes later comes for others. */
export class WaitingCall<Request, Answer, Result, Item, Part> implements Waiting<Item, Part> {
  readonly limits: RequestTerms<Request, Answer, Result>;
  readonly count: number;
  readonly bytesMax: number;
  request: OpenRequest<Item, Part> | undefined;
  done = false;
  readonly #share: Share<Request, Answer, Item, Part>;
  readonly #settled: (attempted: Attempted<Result>) => void;
  readonly #stopListening: (() => void) | undefined;

  constructor(
    terms: RequestTerms<Request, Answer, Result>,
    share: Share<Request, Answer, Item, Part>,
    settled: (attempted: Attempted<Result>) => void,
    aborted: (call: Waiting<Item, Part>) => void,
  ) {
    this.limits = terms;
    this.count = share.countOf(terms.request);
    this.bytesMax = share.bytesMaxOf(terms.request);
    this.#share = share;
    this.#settled = settled;
    this.#stopListening =
      terms.signal &&
      onAbort(terms.signal, () => {
        aborted(this);
      });
  }

  get path(): string {
    return this.limits.method.path;
  }

  item(): Item {
    return this.#share.itemOf(this.limits.request);
  }

  encode(): Uint8Array {
    const { method, request } = this.limits;
    return method.encode(request);
  }

  answerAlone(bytes: Uint8Array): void {
    const { method, made, read } = this.limits;
    if (!this.done)
      this.#settle(guardAnswer(() => ({ kind: 'done', result: read(method.decode(bytes), made) })));
  }

  answerPart(part: Part): void {
    const { made, read, request } = this.limits;
    const readPart = (): Attempted<Result> => {
      const opened = this.#share.open(part, request);
      return opened.kind === 'done' ? { kind: 'done', result: read(opened.result, made) } : opened;
    };
    if (!this.done) this.#settle(guardAnswer(readPart));
  }

  fail(failure: Failure): void {
    if (!this.done) this.#settle({ kind: 'failed', failure });
  }

  #settle(attempted: Attempted<Result>): void {
    this.done = true;
    this.#stopListening?.();
    const { request } = this;
    // The request goes on for the others, as long as there are any.
    if (request !== undefined && --request.waiting === 0) request.sending?.cancel();
    this.#settled(attempted);
  }
}
