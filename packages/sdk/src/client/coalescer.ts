import { MESSAGE_BYTES_MAX } from '../limits.js';
import { abortedFailure, damagedFailure, whyNot, type Attempted, type RequestTerms } from './attempt.js';
import { localFailure, type Failure } from './failure.js';
import type { Joint, Share } from './joint.js';
import { itemsToSend, PATIENCE_MS } from './send-plan.js';
import type { SendFailed, Server } from './server.js';
import { WaitingCall, type OpenRequest, type Waiting } from './waiting-call.js';
import { sharedTrace } from './trace-headers.js';
import { WakeTimer } from './wake-timer.js';

/**
 * Sends calls to one server together: those made in the same turn of the event loop, and those made while requests are in
 * flight. They leave in the order in which they were made, and those of one request are decided in it; of requests that
 * are in flight at the same time, the server may take the later one first. Each call keeps its deadline and its signal.
 */
export class Coalescer<Item, Part> {
  readonly #server: Server;
  readonly #joint: Joint<Item, Part>;
  readonly #queue = new Set<Waiting<Item, Part>>();
  #queuedItems = 0;
  #queuedBytes = 0;
  readonly #requests = new Set<OpenRequest<Item, Part>>();
  readonly #timer = new WakeTimer((nowMs) => this.#wake(nowMs));
  #flushing = false;
  #connecting: AbortController | undefined;
  #sentAtMs = 0;

  constructor(server: Server, joint: Joint<Item, Part>) {
    this.#server = server;
    this.#joint = joint;
  }

  /** Makes one attempt at a call, in company if there is any. */
  attempt<Request, Answer, Result>(
    terms: RequestTerms<Request, Answer, Result>,
    share: Share<Request, Answer, Item, Part>,
    settled: (attempted: Attempted<Result>) => void,
  ): void {
    if (this.#queuedItems >= QUEUED_ITEMS_MAX || this.#queuedBytes >= QUEUED_BYTES_MAX) {
      settled({ kind: 'failed', failure: this.#overloaded() });
    } else {
      this.#enqueue(new WaitingCall(terms, share, settled, this.#aborted));
    }
  }

  /** Nothing new comes: the timer is needed only as long as calls are under way, whose deadlines it keeps. */
  close(): void {
    if (this.#queue.size === 0 && this.#requests.size === 0) this.#timer.stop();
  }

  #enqueue(call: Waiting<Item, Part>): void {
    this.#queue.add(call);
    this.#queuedItems += call.count;
    this.#queuedBytes += call.bytesMax;
    this.#timer.wakeBy(call.limits.deadline);
    this.#flushSoon();
  }

  #dequeue(call: Waiting<Item, Part>): boolean {
    if (!this.#queue.delete(call)) return false;
    this.#queuedItems -= call.count;
    this.#queuedBytes -= call.bytesMax;
    if (this.#queue.size === 0) this.#connecting?.abort();
    return true;
  }

  /** At the end of this turn of the event loop, so that all calls made in it go together. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    // In a microtask, nextTick means once there are no microtasks left.
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#flushing = false;
        this.#flush();
      });
    });
  }

  #flush(): void {
    if (this.#queue.size === 0) return;
    if (!this.#server.settled) {
      void this.#connect();
      return;
    }
    const nowMs = performance.now();
    for (let items = this.#itemsToSend(nowMs); items > 0; items = this.#itemsToSend(nowMs)) {
      const calls = this.#take(items, nowMs);
      if (calls.length > 0) this.#send(calls, nowMs);
    }
    if (this.#queue.size > 0) this.#timer.wakeBy(this.#sentAtMs + PATIENCE_MS);
  }

  #itemsToSend(nowMs: number): number {
    const traffic = {
      waiting: this.#queuedItems,
      inFlight: this.#requests.size,
      stalled: nowMs - this.#sentAtMs >= PATIENCE_MS,
    };
    return itemsToSend(traffic, this.#joint);
  }

  /** Brings the connection up first: before that, a call that ends has surely not been sent. */
  async #connect(): Promise<void> {
    if (this.#connecting !== undefined) return;
    const [first] = this.#queue;
    const connecting = new AbortController();
    this.#connecting = connecting;
    const { signal } = connecting;
    const hurry = first?.limits.hurry ?? false;
    const unconnected = await this.#server.connect({ deadline: Infinity, hurry, signal });
    this.#connecting = undefined;
    if (unconnected !== undefined && !signal.aborted) {
      for (const call of [...this.#queue]) {
        this.#dequeue(call);
        call.fail(whyNot(this.#server, unconnected, call.limits));
      }
    }
    this.#flushSoon();
  }

  /** The calls that have waited longest, up to this many items, and always one if there is any. */
  #take(itemsMax: number, nowMs: number): Waiting<Item, Part>[] {
    const calls: Waiting<Item, Part>[] = [];
    let items = 0;
    let bytes = 0;
    for (const call of this.#queue) {
      if (call.limits.deadline <= nowMs) {
        this.#end(call);
        continue;
      }
      items += call.count;
      bytes += call.bytesMax;
      if (calls.length > 0 && (items > itemsMax || bytes > MESSAGE_BYTES_MAX)) break;
      this.#dequeue(call);
      calls.push(call);
    }
    return calls;
  }

  #send(calls: readonly Waiting<Item, Part>[], nowMs = performance.now()): void {
    const [only] = calls.length === 1 ? calls : [];
    const path = only?.path ?? this.#joint.path;
    const bytes = only?.encode() ?? this.#joint.encode(calls.map((call) => call.item()));
    // The latest of its calls': the timer ends those that end before.
    const deadline = calls.reduce((latest, { limits }) => Math.max(latest, limits.deadline), 0);
    const request: OpenRequest<Item, Part> = { calls, deadline, waiting: calls.length, sending: undefined };
    for (const call of calls) call.request = request;
    this.#requests.add(request);
    this.#sentAtMs = nowMs;
    const headers = only?.limits.headers ?? sharedTrace(calls);
    request.sending = this.#server.start(path, bytes, { deadline, headers }, (result) => {
      request.sending = undefined;
      this.#requests.delete(request);
      if (result.kind === 'failed') this.#fail(calls, result);
      else if (only === undefined) this.#answer(calls, result.bytes);
      else only.answerAlone(result.bytes);
      this.#flushSoon();
    });
  }

  #answer(calls: readonly Waiting<Item, Part>[], bytes: Uint8Array): void {
    let answered = 0;
    try {
      const counts = calls.map(({ count }) => count);
      for (const part of this.#joint.split(bytes, counts)) calls[answered++]?.answerPart(part);
    } catch (cause) {
      const failure = damagedFailure(cause);
      for (const call of calls.slice(answered)) call.fail(failure);
    }
  }

  /** A request that fails as a whole fails for each of its calls, each of which tries again by itself. */
  #fail(calls: readonly Waiting<Item, Part>[], result: SendFailed): void {
    const waiting = calls.filter(({ done }) => !done);
    const [first] = waiting;
    if (first === undefined) return;
    if (calls.length > 1 && this.#joint.mayBeOfOne(whyNot(this.#server, result, first.limits))) {
      // By halves: one call's fault costs the others a few requests, however many they are.
      const middle = Math.ceil(waiting.length / 2);
      this.#send(waiting.slice(0, middle));
      if (waiting.length > 1) this.#send(waiting.slice(middle));
      return;
    }
    for (const call of waiting) call.fail(whyNot(this.#server, result, call.limits));
  }

  readonly #aborted = (call: Waiting<Item, Part>): void => {
    const { signal } = call.limits;
    const queued = this.#dequeue(call);
    if (signal !== undefined) call.fail(abortedFailure(signal, !queued && wasSent(call)));
  };

  #overloaded(): Failure {
    const problem = `${this.#queue.size} calls wait already to be sent to ${this.#server.address}`;
    return localFailure('OVERLOADED', problem, { sent: false });
  }

  /** Ends the calls whose deadline is over, and sends what has waited long enough. */
  #wake(nowMs: number): number {
    let nextMs = Infinity;
    const inFlight = [...this.#requests].flatMap(({ calls }) => calls);
    for (const call of [...inFlight, ...this.#queue]) {
      const { deadline } = call.limits;
      // With the request's own deadline, it is gRPC that ends the request.
      if (call.done || deadline === call.request?.deadline) continue;
      if (deadline > nowMs) nextMs = Math.min(nextMs, deadline);
      else this.#end(call);
    }
    this.#flush();
    return nextMs;
  }

  /** The deadline of a call is over before that of its request, or before it was sent. */
  #end(call: Waiting<Item, Part>): void {
    const { timeoutMs } = call.limits;
    const queued = this.#dequeue(call);
    const problem = queued
      ? `not sent to ${this.#server.address} within ${timeoutMs} ms`
      : `no answer within ${timeoutMs} ms`;
    call.fail(localFailure('DEADLINE_EXCEEDED', problem, { sent: !queued && wasSent(call) }));
  }
}

function wasSent<Item, Part>({ request }: Waiting<Item, Part>): boolean {
  return request?.sending?.wasSent() ?? true;
}

/** Most that waits for one server, in items: more than a second of a server's work, so that more would only wait in vain. */
const QUEUED_ITEMS_MAX = 65_536;

/** The same in bytes, for calls with long descriptions and metadata: sixteen full requests. */
const QUEUED_BYTES_MAX = 16 * MESSAGE_BYTES_MAX;
