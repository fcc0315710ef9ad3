import { errorFor } from '../errors/error-for.js';
import { ClientClosedError, UnavailableError } from '../errors/failures.js';
import { MESSAGE_BYTES_MAX } from '../limits.js';
import { onAbort } from './abort.js';
import { checkCallOptions } from './arguments.js';
import { attemptStream } from './attempt-stream.js';
import { abortedFailure, type Attempted, type AttemptLimits } from './attempt.js';
import { addAttempt, firstAttempt, noAttempts, type Attempts } from './attempts.js';
import { endedFailure, errorOf, type Failure, type FailedCall } from './failure.js';
import type { Method } from './method.js';
import type { CallOptions } from './options.js';
import { alone, closePeer, connectPeer, type Attempt, type Peer } from './peer.js';
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
  readonly attempt?: Attempt<Request, Answer>;
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
  run<Request, Answer, Result>(
    make: () => Call<Request, Answer, Result>,
    options?: CallOptions,
  ): Promise<Result> {
    return new Promise((resolve) => {
      const call = make();
      this.#checkOpen();
      this.#start(call, options, resolve);
    });
  }

  /** Makes {@link close} wait for work that makes several calls by {@link perform}. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#end();
    }
  }

  /** Makes a call that is part of work which is {@link track}ed: it is made even while the client is being closed. */
  perform<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options?: CallOptions,
  ): Promise<Result> {
    return new Promise((resolve) => {
      this.#start(call, options, resolve);
    });
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
      const hurry = this.#ranked(call.branch).length > 1;
      const limits = { timeoutMs, deadline: Date.now() + timeoutMs, hurry, signal };
      const tryOnce = async ({ server }: Peer, made: Attempts): Promise<Attempted<Result>> => {
        const terms = { method, bytes, made, read, silenceMs: Infinity, ...limits };
        for await (const attempted of attemptStream(server, terms)) {
          if (attempted.kind === 'failed') return attempted;
          if (attempted.result !== undefined) return { kind: 'done', result: attempted.result };
        }
        return { kind: 'failed', failure: endedFailure() };
      };
      return await this.#persist(call, policy, limits, tryOnce);
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
    const { signal, timeoutMs } = this.#optionsOf(options, retryPolicies.NO_SIDE_EFFECTS);
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

  /**
   * Makes the first attempt, and only if that fails, {@link #tryAgain}: of thousands of calls that wait, each costs what it
   * keeps alive.
   *
   * @throws {@link BankError} at once if the options are wrong or the request is too large
   */
  #start<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options: CallOptions | undefined,
    resolve: (result: Result | Promise<Result>) => void,
  ): void {
    const { method, request, branch, id, read } = call;
    const policy = retryPolicies[method.idempotency];
    const { signal, timeoutMs } = this.#optionsOf(options, policy);
    const attempt = call.attempt ?? alone<Request, Answer>(encode(method, request));
    checkNotAborted(signal, call, noAttempts);
    const deadline = Date.now() + timeoutMs;
    const hurry = this.#ranked(branch).length > 1;
    const made = firstAttempt;
    const terms = { method, request, branch, id, read, made, deadline, hurry, signal, timeoutMs };
    this.#underWay += 1;
    attempt(this.#peer(branch, 0), terms, (attempted) => {
      if (attempted.kind === 'done') {
        this.#end();
        resolve(attempted.result);
        return;
      }
      const tryOnce = (peer: Peer, madeNow: Attempts) =>
        new Promise<Attempted<Result>>((settled) => {
          attempt(peer, { ...terms, made: madeNow }, settled);
        });
      const ended = this.#tryAgain(terms, policy, terms, tryOnce, attempted.failure);
      resolve(
        ended.finally(() => {
          this.#end();
        }),
      );
    });
  }

  /** Tries, until it is done, or no further attempt makes sense or fits into the deadline. */
  async #persist<Result>(
    call: PersistentCall,
    policy: RetryPolicy,
    limits: AttemptLimits,
    tryOnce: (peer: Peer, made: Attempts) => Promise<Attempted<Result>>,
  ): Promise<Result> {
    checkNotAborted(limits.signal, call, noAttempts);
    const attempted = await tryOnce(this.#peer(call.branch, 0), firstAttempt);
    if (attempted.kind === 'done') return attempted.result;
    return this.#tryAgain(call, policy, limits, tryOnce, attempted.failure);
  }

  /** {@link #persist} from the failure of the first attempt on. */
  async #tryAgain<Result>(
    call: PersistentCall,
    policy: RetryPolicy,
    { deadline, signal }: AttemptLimits,
    tryOnce: (peer: Peer, made: Attempts) => Promise<Attempted<Result>>,
    firstFailure: Failure,
  ): Promise<Result> {
    let failure = firstFailure;
    let made = addAttempt(noAttempts, failure);
    for (;;) {
      const delayMs = this.delayMs({ policy, reason: failure.reason, ...made });
      // A wait that outlasts the deadline would only hide this failure behind another.
      if (delayMs === undefined || Date.now() + delayMs >= deadline) {
        throw errorOf(failure, failedCall(call, made));
      }
      if (delayMs > 0) await this.#sleep(delayMs, signal);
      checkNotAborted(signal, call, made);
      const peer = this.#peer(call.branch, made.turn);
      const attempted = await tryOnce(peer, { ...made, attempts: made.attempts + 1 });
      if (attempted.kind === 'done') return attempted.result;
      ({ failure } = attempted);
      made = addAttempt(made, failure);
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new ClientClosedError({ reason: 'CLIENT_CLOSED' });
  }

  #end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#drained?.();
  }

  #optionsOf(options: CallOptions | undefined, policy: RetryPolicy) {
    if (options === undefined) return { signal: undefined, timeoutMs: this.#timeoutMs ?? policy.timeoutMs };
    const { signal, timeoutMs } = checkCallOptions(options);
    return { signal, timeoutMs: timeoutMs ?? this.#timeoutMs ?? policy.timeoutMs };
  }

  /** The server that a call of the branch goes to after this many turns to the next. */
  #peer(branch: number, turn: number): Peer {
    return pick(this.#ranked(branch), turn);
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
  readonly id?: string | undefined;
}

/** @throws {@link BankError} if the caller has aborted the call */
function checkNotAborted(
  signal: AbortSignal | undefined,
  call: Omit<PersistentCall, 'branch'>,
  made: Attempts,
): void {
  if (signal?.aborted === true) throw errorOf(abortedFailure(signal, false), failedCall(call, made));
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
