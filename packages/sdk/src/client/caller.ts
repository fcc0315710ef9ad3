import { errorFor } from '../errors/error-for.js';
import { ClientClosedError, UnavailableError } from '../errors/failures.js';
import { MESSAGE_BYTES_MAX } from '../limits.js';
import { onAbort } from './abort.js';
import { checkCallOptions } from './arguments.js';
import { abortedFailure, attempt } from './attempt.js';
import { addAttempt, noAttempts, type Attempts } from './attempts.js';
import { errorOf, type FailedCall } from './failure.js';
import type { Method } from './method.js';
import type { CallOptions } from './options.js';
import { retryDelayMs, retryPolicies, type RetryPolicy } from './retry-policy.js';
import { rankServers } from './routing.js';
import { Server } from './server.js';
import { sleep } from './wait.js';

/** One call to make. */
export interface Call<Request, Answer, Result> {
  readonly method: Method<Request, Answer>;
  readonly request: Request;
  /** The branch whose server to ask. */
  readonly branch: number;
  /** The id of the write; left out by reads and by writes without one. */
  readonly id?: string;
  /** Makes the result of the answer; what it throws counts as a damaged answer. */
  readonly read: (answer: Answer, made: Attempts) => Result;
}

export interface CallerOptions {
  readonly addresses: readonly string[];
  readonly timeoutMs?: number | undefined;
  /** Uniform in [0, 1); for tests. */
  readonly random?: () => number;
  /** Ends early when the signal aborts; for tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Makes calls: picks the server, sets the deadline, tries again where that is right, and names what went wrong. */
export class Caller {
  readonly #addresses: readonly string[];
  readonly #servers: readonly Server[];
  readonly #timeoutMs: number | undefined;
  readonly #random: () => number;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #inFlight = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(options: CallerOptions) {
    this.#addresses = options.addresses;
    this.#servers = options.addresses.map((address) => new Server(address));
    this.#timeoutMs = options.timeoutMs;
    this.#random = options.random ?? Math.random;
    this.#sleep = options.sleep ?? sleep;
  }

  /** The address that a branch's requests go to first. */
  home(branch: number): string {
    return this.#addresses[rankServers(this.#addresses, branch)[0] ?? 0] ?? '';
  }

  /** Makes a call, which {@link close} waits for. */
  call<Request, Answer, Result>(call: Call<Request, Answer, Result>, options?: CallOptions): Promise<Result> {
    return this.track(() => this.perform(call, options));
  }

  /** Makes {@link close} wait for work that makes several calls by {@link perform}. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new ClientClosedError({ reason: 'CLIENT_CLOSED' });
    const promise = work();
    this.#inFlight.add(promise);
    try {
      return await promise;
    } finally {
      this.#inFlight.delete(promise);
    }
  }

  async perform<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options: CallOptions = {},
  ): Promise<Result> {
    const { method, read } = call;
    const policy = retryPolicies[method.idempotency];
    const { signal, timeoutMs } = this.#limits(options, policy);
    const deadline = Date.now() + timeoutMs;
    const bytes = encode(method, call.request);
    const ranked = this.#ranked(call.branch);
    const servers = ranked.length;
    let made = noAttempts;

    for (;;) {
      if (signal?.aborted === true) throw errorOf(abortedFailure(signal, false), failedCall(call, made));
      const madeNow = { ...made, attempts: made.attempts + 1 };
      const attempted = await attempt(pick(ranked, made.turn), {
        method,
        bytes,
        read: (answer) => read(answer, madeNow),
        timeoutMs,
        deadline,
        hurry: servers > 1,
        signal,
      });
      if (attempted.kind === 'done') return attempted.result;

      const { failure } = attempted;
      made = addAttempt(made, failure);
      const delayMs = retryDelayMs({
        policy,
        reason: failure.reason,
        servers,
        random: this.#random,
        ...made,
      });
      // A wait that outlasts the deadline would only hide this failure behind another.
      if (delayMs === undefined || Date.now() + delayMs >= deadline) {
        throw errorOf(failure, failedCall(call, made));
      }
      if (delayMs > 0) await this.#sleep(delayMs, signal);
    }
  }

  /** Resolves as soon as one server is connected. */
  async ready(options: CallOptions = {}): Promise<void> {
    const { signal, timeoutMs } = this.#limits(options, retryPolicies.NO_SIDE_EFFECTS);
    const settled = new AbortController();
    const stopListening = onAbort(signal, () => {
      settled.abort();
    });
    if (signal?.aborted === true) settled.abort();
    const oneReady = async (server: Server) => {
      const ready = await server.ready(timeoutMs, settled.signal);
      if (ready) settled.abort();
      return ready;
    };
    const found = await this.track(() => Promise.all(this.#servers.map(oneReady)));
    stopListening();
    if (found.includes(true)) return;
    const where = 'ready()';
    if (signal?.aborted === true) {
      throw errorOf(abortedFailure(signal, false), { where, writeId: undefined, ...noAttempts });
    }
    const problem = `no connection to ${this.#addresses.join(', ')} within ${timeoutMs} ms`;
    throw new UnavailableError({ reason: 'UNAVAILABLE', metadata: { problem }, where });
  }

  /** Waits for the calls in flight, each of which has its deadline, then drops the connections. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#inFlight).then(() => {
      for (const server of this.#servers) server.close();
    });
    return this.#closing;
  }

  #limits(options: CallOptions, policy: RetryPolicy) {
    const { signal, timeoutMs } = checkCallOptions(options);
    return { signal, timeoutMs: timeoutMs ?? this.#timeoutMs ?? policy.timeoutMs };
  }

  /** The servers for a branch, best first. */
  #ranked(branch: number): Server[] {
    return rankServers(this.#addresses, branch).flatMap((index) => this.#servers[index] ?? []);
  }
}

function failedCall(
  { method, id = '' }: { readonly method: Pick<Method<never, unknown>, 'path' | 'idempotency'>; id?: string },
  { attempts, mayBeApplied }: Attempts,
): FailedCall {
  const writeId = method.idempotency === 'NO_SIDE_EFFECTS' ? undefined : id;
  return { where: method.path, attempts, writeId, mayBeApplied };
}

function pick<T>(items: readonly T[], turn: number): T {
  const item = items[turn % items.length];
  if (item === undefined) throw new Error('there is no server to pick from');
  return item;
}

function encode<Request>(method: Method<Request, unknown>, request: Request): Uint8Array {
  const bytes = method.encode(request);
  if (bytes.length > MESSAGE_BYTES_MAX) {
    const problem = `the request has ${bytes.length} bytes, more than ${MESSAGE_BYTES_MAX}`;
    throw errorFor({ reason: 'PAYLOAD_TOO_LARGE', metadata: { problem }, where: method.path });
  }
  return bytes;
}
