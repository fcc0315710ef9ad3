import { onAbort } from './abort.js';
import { guardAnswer, type Attempted, type AttemptLimits, type AttemptTerms } from './attempt.js';
import type { Failure } from './failure.js';
import type { JoinedCall, Share } from './joint.js';
import type { Sending } from './server.js';

/** A call that waits to be sent or answered, whatever its answer is made into. */
export interface Waiting<Part> extends JoinedCall {
  readonly path: string;
  readonly limits: AttemptLimits;
  readonly done: boolean;
  /** The request that it went out with, once it did. */
  request: OpenRequest<Part> | undefined;
  /** Takes the answer to the call sent alone. */
  answerAlone(bytes: Uint8Array): void;
  /** Takes the call's part of the answer to several. */
  answerPart(part: Part): void;
  fail(failure: Failure): void;
}

/** A request in flight, and the calls in it. */
export interface OpenRequest<Part> {
  readonly calls: readonly Waiting<Part>[];
  readonly deadline: number;
  /** How many of them still wait. */
  waiting: number;
  /** Undefined before it is sent and once it is answered. */
  sending: Sending | undefined;
}

/** Settles once; what comes later comes for others. */
export class WaitingCall<Part, Answer, Result> implements Waiting<Part> {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly limits: AttemptLimits;
  readonly share: Share<Part, Answer>;
  request: OpenRequest<Part> | undefined;
  done = false;
  readonly #terms: AttemptTerms<Answer, Result>;
  readonly #settled: (attempted: Attempted<Result>) => void;
  readonly #stopListening: (() => void) | undefined;

  constructor(
    terms: AttemptTerms<Answer, Result>,
    share: Share<Part, Answer>,
    settled: (attempted: Attempted<Result>) => void,
    aborted: (call: Waiting<Part>) => void,
  ) {
    this.path = terms.method.path;
    this.bytes = terms.bytes;
    this.limits = terms;
    this.share = share;
    this.#terms = terms;
    this.#settled = settled;
    this.#stopListening =
      terms.signal &&
      onAbort(terms.signal, () => {
        aborted(this);
      });
  }

  answerAlone(bytes: Uint8Array): void {
    const { method, made, read } = this.#terms;
    if (!this.done)
      this.#settle(guardAnswer(() => ({ kind: 'done', result: read(method.decode(bytes), made) })));
  }

  answerPart(part: Part): void {
    const { made, read } = this.#terms;
    const readPart = (): Attempted<Result> => {
      const opened = this.share.open(part);
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
