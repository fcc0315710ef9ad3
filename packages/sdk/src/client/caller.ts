import { errorFor } from '../errors/error-for.js';
import { ClientClosedError, UnavailableError } from '../errors/failures.js';
import { MESSAGE_BYTES_MAX } from '../limits.js';
import { onAbort } from './abort.js';
import { checkCallOptions } from './arguments.js';
import { attemptStream } from './attempt-stream.js';
import { abortedFailure, type Attempted, type AttemptLimits } from './attempt.js';
import { addAttempt, firstAttempt, noAttempts, type Attempts } from './attempts.js';
import { endedFailure, errorOf, type FailedCall } from './failure.js';
import type { Method } from './method.js';
import type { CallOptions } from './options.js';
import { attemptAlone, closePeer, connectPeer, type Attempt, type Peer } from './peer.js';
import { retryDelayMs, retryPolicies, type RetryPolicy, type Standing } from './retry-policy.js';
import { rankServers } from './routing.js';
import type { Server } from './server.js';
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
  /** How each attempt is made; by default the call goes by itself. */
  readonly attempt?: Attempt<Answer>;
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
  readonly #peers: readonly Peer[];
  readonly #rankedByBranch = new Map<number, readonly Peer[]>();
  readonly #timeoutMs: number | undefined;
  readonly #random: () => number;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  #underWay = 0;
  #drained: (() => void) | undefined;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(options: CallerOptions) {
    this.#addresses = options.addresses;
    this.#peers = options.addresses.map(connectPeer);
    this.#timeoutMs = options.timeoutMs;
    this.#random = options.random ?? Math.random;
    this.#sleep = options.sleep ?? sleep;
  }

  /** The address that a branch's requests go to first. */
  home(branch: number): string {
    return pick(this.#ranked(branch), 0).server.address;
  }

  /** Makes a call, which {@link close} waits for. */
  call<Request, Answer, Result>(call: Call<Request, Answer, Result>, options?: CallOptions): Promise<Result> {
    return this.run(() => call, options);
  }

  /** Like {@link call}; if the arguments are wrong, of which `make` makes the call, the promise is rejected. */
  async run<Request, Answer, Result>(
    make: () => Call<Request, Answer, Result>,
    options?: CallOptions,
  ): Promise<Result> {
    const call = make();
    this.#begin();
    try {
      return await this.perform(call, options);
    } finally {
      this.#end();
    }
  }

  /** Makes {@link close} wait for work that makes several calls by {@link perform}. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#begin();
    try {
      return await work();
    } finally {
      this.#end();
    }
  }

  /** @throws {@link BankError} at once if the options are wrong or the request is too large */
  perform<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options?: CallOptions,
  ): Promise<Result> {
    const { method, read, attempt = attemptAlone } = call;
    const policy = retryPolicies[method.idempotency];
    const { signal, timeoutMs } = this.#limits(options, policy);
    const bytes = encode(method, call.request);
    return this.#persist(call, { policy, signal, timeoutMs }, (peer, { deadline, hurry }, made) =>
      attempt(peer, { method, bytes, read, made, deadline, hurry, signal, timeoutMs }),
    );
  }

  /**
   * Makes a read that is answered with a stream, and makes its result of the whole stream. It has no deadline unless the
   * caller sets one; {@link close} ends it.
   *
   * @param call - its `read` makes the result of the last answer, and undefined of all others
   */
  async collect<Request, Answer, Result>(
    call: Call<Request, Answer, Result | undefined>,
    options: CallOptions = {},
  ): Promise<Result> {
    const { method, read } = call;
    const policy = retryPolicies[method.idempotency];
    const { signal: callerSignal, timeoutMs = Infinity } = checkCallOptions(options);
    const bytes = encode(method, call.request);
    const { signal, release } = this.lifetime(callerSignal);
    try {
      return await this.#persist(call, { policy, signal, timeoutMs }, async ({ server }, limits, made) => {
        const terms = {
          method,
          bytes,
          made,
          read,
          silenceMs: Infinity,
          ...limits,
        };
        for await (const attempted of attemptStream(server, terms)) {
          if (attempted.kind === 'failed') return attempted;
          if (attempted.result !== undefined) return { kind: 'done', result: attempted.result };
        }
        return { kind: 'failed', failure: endedFailure() };
      });
    } finally {
      release();
    }
  }

  /** Asks for a stream of answers once. */
  attemptStream<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options: { readonly turn: number; readonly silenceMs: number; readonly signal: AbortSignal },
  ): AsyncGenerator<Attempted<Result>, void, undefined> {
    const { method, read } = call;
    const peers = this.#ranked(call.branch);
    return attemptStream(pick(peers, options.turn).server, {
      method,
      bytes: encode(method, call.request),
      made: noAttempts,
      read,
      timeoutMs: Infinity,
      deadline: Infinity,
      hurry: peers.length > 1,
      silenceMs: options.silenceMs,
      signal: options.signal,
    });
  }

  /** {@link retryDelayMs} with what this caller knows. */
  delayMs(standing: Omit<Standing, 'servers' | 'random'>): number | undefined {
    return retryDelayMs({ ...standing, servers: this.#peers.length, random: this.#random });
  }

  /** Resolves after `ms`, or as soon as `signal` aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    return ms > 0 ? this.#sleep(ms, signal) : Promise.resolve();
  }

  /** A signal for work without an end of its own: it aborts with the caller's, and when the client is closed. */
  lifetime(signal: AbortSignal | undefined): { readonly signal: AbortSignal; readonly release: () => void } {
    const ended = new AbortController();
    const stopListening = [
      onAbort(signal, () => {
        ended.abort(signal?.reason);
      }),
      onAbort(this.#closed.signal, () => {
        ended.abort(this.#closed.signal.reason);
      }),
    ];
    if (signal?.aborted === true) ended.abort(signal.reason);
    if (this.#closed.signal.aborted) ended.abort(this.#closed.signal.reason);
    const release = () => {
      for (const stop of stopListening) stop();
    };
    return { signal: ended.signal, release };
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
    const found = await this.track(() => Promise.all(this.#peers.map(({ server }) => oneReady(server))));
    stopListening();
    if (found.includes(true)) return;
    const where = 'ready()';
    if (signal?.aborted === true) {
      throw errorOf(abortedFailure(signal, false), { where, writeId: undefined, ...noAttempts });
    }
    const problem = `no connection to ${this.#addresses.join(', ')} within ${timeoutMs} ms`;
    throw new UnavailableError({ reason: 'UNAVAILABLE', metadata: { problem }, where });
  }

  /** Ends what has no end of its own, waits for the other calls in flight, then drops the connections. */
  close(): Promise<void> {
    this.#closed.abort(new ClientClosedError({ reason: 'CLIENT_CLOSED' }));
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    this.#peers.forEach(closePeer);
  }

  /** Tries, until it is done, or no further attempt makes sense or fits into the deadline. */
  async #persist<Result>(
    call: PersistentCall,
    { policy, signal, timeoutMs }: Pick<AttemptLimits, 'signal' | 'timeoutMs'> & { policy: RetryPolicy },
    tryOnce: (peer: Peer, limits: AttemptLimits, made: Attempts) => Promise<Attempted<Result>>,
  ): Promise<Result> {
    const deadline = Date.now() + timeoutMs;
    const ranked = this.#ranked(call.branch);
    const limits = { timeoutMs, deadline, hurry: ranked.length > 1, signal };
    let made = noAttempts;

    for (;;) {
      if (signal?.aborted === true) throw errorOf(abortedFailure(signal, false), failedCall(call, made));
      const madeNow = made === noAttempts ? firstAttempt : { ...made, attempts: made.attempts + 1 };
      const attempted = await tryOnce(pick(ranked, made.turn), limits, madeNow);
      if (attempted.kind === 'done') return attempted.result;

      const { failure } = attempted;
      made = addAttempt(made, failure);
      const delayMs = this.delayMs({ policy, reason: failure.reason, ...made });
      // A wait that outlasts the deadline would only hide this failure behind another.
      if (delayMs === undefined || Date.now() + delayMs >= deadline) {
        throw errorOf(failure, failedCall(call, made));
      }
      if (delayMs > 0) await this.#sleep(delayMs, signal);
    }
  }

  #begin(): void {
    if (this.#closing !== undefined) throw new ClientClosedError({ reason: 'CLIENT_CLOSED' });
    this.#underWay += 1;
  }

  #end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#drained?.();
  }

  #limits(options: CallOptions | undefined, policy: RetryPolicy) {
    if (options === undefined) return { signal: undefined, timeoutMs: this.#timeoutMs ?? policy.timeoutMs };
    const { signal, timeoutMs } = checkCallOptions(options);
    return { signal, timeoutMs: timeoutMs ?? this.#timeoutMs ?? policy.timeoutMs };
  }

  /** The servers for a branch, best first. They are remembered: there are at most 10,000 branches. */
  #ranked(branch: number): readonly Peer[] {
    let ranked = this.#rankedByBranch.get(branch);
    if (ranked === undefined) {
      ranked = rankServers(this.#addresses, branch).flatMap((index) => this.#peers[index] ?? []);
      this.#rankedByBranch.set(branch, ranked);
    }
    return ranked;
  }
}

/** What a call that is tried again has to know of itself. */
interface PersistentCall {
  readonly method: Pick<Method<never, unknown>, 'path' | 'idempotency'>;
  readonly branch: number;
  readonly id?: string;
}

function failedCall(
  { method, id = '' }: Omit<PersistentCall, 'branch'>,
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
