import { errorFor } from '../errors/error-for.js';
import { ClientClosedError, UnavailableError, type Resend } from '../errors/failures.js';
import { MESSAGE_BYTES_MAX } from '../limits.js';
import { firstAbort, onAbort, type CombinedSignal } from './abort.js';
import type { ServerName } from './addresses.js';
import { checkCallOptions } from './arguments.js';
import { attemptStream } from './attempt-stream.js';
import { type Attempted, type AttemptLimits } from './attempt.js';
import { firstAttempt, noAttempts, type Attempts } from './attempts.js';
import { endedFailure, errorOf } from './failure.js';
import {
  checkOutgoing,
  composed,
  interceptStream,
  type InterceptedStream,
  type Interceptor,
  type OutgoingCall,
} from './interceptor.js';
import type { Method } from './method.js';
import type { CallOptions } from './options.js';
import { alone, connectPeer, type Attempt, type Peer } from './peer.js';
import { Peers } from './peers.js';
import {
  checkNotAborted,
  checkReadNotAborted,
  persist,
  persistAfter,
  type FirstAttempt,
  type PersistentCall,
  type Retrying,
} from './persist.js';
import { receiptIn } from './receipt.js';
import { retryDelayMs, retryPolicies, type RetryPolicy, type Standing } from './retry-policy.js';
import type { Headers, Server } from './server.js';
import type { Lookup } from './server-names.js';
import type { Tls } from './tls.js';
import { Token } from './token.js';
import { mayShare } from './trace-headers.js';
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
  /** Makes the write again; by default, by making the call again. 'never' if its answer has no receipt. */
  readonly resend?: Resend | 'never';
}

export interface CallerOptions {
  readonly addresses: readonly string[];
  readonly names?: readonly ServerName[];
  /** Undefined for plaintext. */
  readonly tls?: Tls | undefined;
  /** Undefined for none. */
  readonly token?: Token | undefined;
  readonly timeoutMs?: number | undefined;
  readonly interceptors?: readonly Interceptor[];
  /** Uniform in [0, 1); for tests. */
  readonly random?: () => number;
  /** Ends early when the signal aborts; for tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** For tests. */
  readonly lookUp?: Lookup;
}

/** Makes calls: picks the server, sets the deadline, tries again where that is right, and names what went wrong. */
export class Caller {
  readonly #retrying: Retrying;
  readonly #timeoutMs: number | undefined;
  readonly #interceptor: Interceptor | undefined;
  #underWay = 0;
  #drained: (() => void) | undefined;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(options: CallerOptions) {
    const { addresses, names = [], tls, token = new Token(undefined), interceptors = [], lookUp } = options;
    const connect = (address: string, serverName?: string) =>
      connectPeer(address, { tls, token }, serverName);
    this.#retrying = {
      peers: new Peers({ target: { addresses, names }, connect, lookUp }),
      random: options.random ?? Math.random,
      sleep: options.sleep ?? sleep,
    };
    this.#timeoutMs = options.timeoutMs;
    this.#interceptor = composed(interceptors);
  }

  /** The address that a branch's requests go to, first or after some turns to the next; empty while it is not known. */
  home(branch: number, turn = 0): string {
    const ranked = this.#retrying.peers.ranked(branch);
    return ranked[turn % ranked.length]?.server.address ?? '';
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
      this.#begin(call, options, resolve);
    });
  }

  /** Makes {@link close} wait for work that makes several calls by {@link perform}. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    return this.#count(work);
  }

  async #count<T>(work: () => Promise<T>): Promise<T> {
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
      this.#begin(call, options, resolve);
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
    const begunMs = performance.now();
    const make = async (next: OutgoingCall): Promise<Result> => {
      const { headers, onAttempt, onRetry, ...changed } = checkOutgoing(next);
      const heeded = firstAbort(signal, changed.signal);
      const hurry = this.#retrying.peers.ranked(call.branch).length > 1;
      const limits = {
        timeoutMs: changed.timeoutMs,
        deadline: begunMs + changed.timeoutMs,
        hurry,
        signal: heeded.signal,
        headers,
      };
      const persistent = { method, branch: call.branch, policy, limits, onAttempt, onRetry };
      const collected = persist(this.#retrying, persistent, async ({ server }, made) => {
        const terms = { method, bytes, made, read, silenceMs: Infinity, ...limits };
        for await (const attempted of attemptStream(server, terms)) {
          if (attempted.kind === 'failed') return attempted;
          if (attempted.result !== undefined) return { kind: 'done', result: attempted.result };
        }
        return { kind: 'failed', failure: endedFailure() };
      });
      return collected.finally(heeded.release);
    };
    try {
      const outgoing = outgoingCall(call, { signal, timeoutMs, stream: true });
      return await (this.#interceptor === undefined ? make(outgoing) : this.#interceptor(outgoing, make));
    } finally {
      release();
    }
  }

  /** Begins a stream that is asked for again and again, by {@link attemptStream}, inside of the interceptors. */
  beginStream<Request, Answer, Result>(
    call: Pick<Call<Request, Answer, Result>, 'method' | 'branch'>,
    signal: AbortSignal,
  ): Promise<InterceptedStream> {
    return interceptStream(
      this.#interceptor,
      outgoingCall(call, { signal, timeoutMs: Infinity, stream: true }),
    );
  }

  /** Asks for a stream of answers once. */
  async *attemptStream<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options: StreamAttempt,
  ): AsyncGenerator<Attempted<Result>, void, undefined> {
    const { method, read } = call;
    const { turn, silenceMs, signal, headers, onAttempt } = options;
    const { peers } = this.#retrying;
    const failure = await peers.some(silenceMs, signal);
    if (failure !== undefined) {
      yield { kind: 'failed', failure };
      return;
    }
    const { server } = peers.pick(call.branch, turn);
    onAttempt?.(server.address);
    yield* attemptStream(server, {
      method,
      bytes: encode(method, call.request),
      made: noAttempts,
      read,
      timeoutMs: Infinity,
      deadline: Infinity,
      hurry: peers.ranked(call.branch).length > 1,
      silenceMs,
      signal,
      headers,
    });
  }

  /** {@link retryDelayMs} with what this caller knows. */
  delayMs(standing: Omit<Standing, 'servers' | 'random'>): number | undefined {
    const { peers, random } = this.#retrying;
    return retryDelayMs({ ...standing, servers: peers.all.length, random });
  }

  /** Resolves after `ms`, or as soon as `signal` aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    return ms > 0 ? this.#retrying.sleep(ms, signal) : Promise.resolve();
  }

  /** A signal for work without an end of its own: it aborts with the caller's, and when the client is closed. */
  lifetime(signal: AbortSignal | undefined): CombinedSignal {
    return firstAbort(signal, this.#closed.signal);
  }

  /** Resolves as soon as one server is connected. */
  async ready(options: CallOptions = {}): Promise<void> {
    const { signal, timeoutMs, deadline } = this.#limitsOf(options, retryPolicies.NO_SIDE_EFFECTS);
    this.#checkOpen();
    const { peers } = this.#retrying;
    const settled = new AbortController();
    const stopListening = onAbort(signal, () => {
      settled.abort();
    });
    if (signal?.aborted === true) settled.abort();
    const oneReady = async (server: Server) => {
      const ready = await server.ready(deadline - performance.now(), settled.signal);
      if (ready) settled.abort();
      return ready;
    };
    const found = await this.track(async () => {
      const unknown = await peers.found(timeoutMs, settled.signal);
      return unknown ?? Promise.all(peers.all.map(({ server }) => oneReady(server)));
    });
    stopListening();
    if (Array.isArray(found) && found.includes(true)) return;
    const where = 'ready()';
    checkReadNotAborted(signal, where);
    const problem = Array.isArray(found)
      ? [`no connection to ${peers.names} within ${timeoutMs} ms`, ...(await problemsOf(peers.all))].join(
          '; ',
        )
      : found.message;
    throw new UnavailableError({ reason: 'UNAVAILABLE', metadata: { problem }, where });
  }

  /**
   * The servers there are now, and until when to ask them by the options of a read: part of work which is {@link track}ed.
   *
   * @throws {@link BankError} if they cannot be looked up
   */
  async servers(
    options: CallOptions | undefined,
    where: string,
  ): Promise<{ readonly servers: readonly Server[]; readonly limits: Omit<AttemptLimits, 'hurry'> }> {
    const limits = this.#limitsOf(options, retryPolicies.NO_SIDE_EFFECTS);
    const { peers } = this.#retrying;
    const failure = await peers.found(limits.timeoutMs, limits.signal);
    checkReadNotAborted(limits.signal, where);
    if (failure !== undefined) throw errorOf(failure, { where, writeId: undefined, ...noAttempts });
    return { servers: peers.all.map(({ server }) => server), limits };
  }

  /** Ends what has no end of its own, waits for the other calls in flight, then drops the connections. */
  close(): Promise<void> {
    this.#closed.abort(new ClientClosedError({ reason: 'CLIENT_CLOSED' }));
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    this.#retrying.peers.close();
  }

  /** @throws {@link BankError} at once if the options are wrong or the request is too large */
  #begin<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    options: CallOptions | undefined,
    resolve: (result: Result | Promise<Result>) => void,
  ): void {
    const limits = this.#limitsOf(options, retryPolicies[call.method.idempotency]);
    const interceptor = this.#interceptor;
    if (interceptor === undefined) {
      this.#start(call, limits, resolve);
      return;
    }
    const begunMs = limits.deadline - limits.timeoutMs;
    const outgoing = outgoingCall(call, { ...limits, stream: false });
    const intercepted = this.#count(() =>
      interceptor(outgoing, async (next) => {
        const { timeoutMs, headers, onAttempt, onRetry, ...changed } = checkOutgoing(next);
        // One that an interceptor sets comes on top of the caller's.
        const { signal, release } = firstAbort(limits.signal, changed.signal);
        const deadline = begunMs + timeoutMs;
        const started = { signal, timeoutMs, deadline, headers, onAttempt, onRetry };
        return new Promise<Result>((settle) => {
          this.#start(call, started, settle);
        }).finally(release);
      }),
    );
    resolve(intercepted);
  }

  /**
   * Makes the first attempt, and only if that fails, {@link persistAfter}: of thousands of calls that wait, each costs what
   * it keeps alive.
   */
  #start<Request, Answer, Result>(
    call: Call<Request, Answer, Result>,
    { onAttempt, onRetry, ...started }: StartLimits,
    resolve: (result: Result | Promise<Result>) => void,
  ): void {
    const { method, request, branch, id, read } = call;
    const attempt =
      call.attempt !== undefined && mayShare(started.headers)
        ? call.attempt
        : alone<Request, Answer>(encode(method, request));
    const ranked = this.#retrying.peers.ranked(branch);
    const terms = {
      method,
      request,
      branch,
      id,
      read,
      made: firstAttempt,
      hurry: ranked.length > 1,
      ...started,
    };
    checkNotAborted({ method, id, limits: terms }, noAttempts);
    const [peer] = ranked;
    if (peer !== undefined) onAttempt?.({ attempts: 1, server: peer.server.address });
    this.#underWay += 1;
    /** @param first - the attempt that was made, and failed */
    const goOn = (first?: FirstAttempt) => {
      const policy = retryPolicies[method.idempotency];
      const resend = this.#resendOf(call);
      const persistent: PersistentCall = {
        method,
        branch,
        id,
        policy,
        limits: terms,
        onAttempt,
        onRetry,
        resend,
      };
      const tryOnce = (peer: Peer, made: Attempts) =>
        new Promise<Attempted<Result>>((settled) => {
          attempt(peer, { ...terms, made }, settled);
        });
      const result =
        first === undefined
          ? persist(this.#retrying, persistent, tryOnce)
          : persistAfter(this.#retrying, persistent, tryOnce, first);
      resolve(
        result.finally(() => {
          this.#end();
        }),
      );
    };
    if (peer === undefined) {
      goOn();
      return;
    }
    this.#retrying.peers.keepLookedUp();
    attempt(peer, terms, (attempted) => {
      if (attempted.kind === 'failed') {
        goOn({ peer, failure: attempted.failure });
        return;
      }
      peer.budget.succeeded();
      this.#end();
      resolve(attempted.result);
    });
  }

  #resendOf<Request, Answer, Result>(call: Call<Request, Answer, Result>): Resend | undefined {
    if (call.resend === 'never') return undefined;
    return call.resend ?? (async (options) => receiptIn(await this.call(call, options)));
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new ClientClosedError({ reason: 'CLIENT_CLOSED' });
  }

  #end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#drained?.();
  }

  #limitsOf(options: CallOptions | undefined, policy: RetryPolicy): StartLimits {
    const { signal, timeoutMs = this.#timeoutMs ?? policy.timeoutMs } =
      options === undefined ? NO_OPTIONS : checkCallOptions(options);
    return { signal, timeoutMs, deadline: performance.now() + timeoutMs };
  }
}

/** One attempt at a stream. */
export interface StreamAttempt {
  readonly turn: number;
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly headers?: Headers | undefined;
  /** @param server - who is asked */
  readonly onAttempt?: (server: string) => void;
}

type StartLimits = Omit<AttemptLimits, 'hurry'> & Pick<PersistentCall, 'onAttempt' | 'onRetry'>;

const NO_OPTIONS: CallOptions = {};

/** Why the servers cannot be reached, each problem once: an address that fails is often one of many that fail alike. */
async function problemsOf(peers: readonly Peer[]): Promise<string[]> {
  const problems = await Promise.all(peers.map(({ server }) => server.problem()));
  return [...new Set(problems.flatMap((problem) => problem ?? []))].slice(0, PROBLEMS_MAX);
}

/** Enough to see what is wrong; an error is read by people. */
const PROBLEMS_MAX = 3;

function outgoingCall<Request, Answer, Result>(
  { method, branch, id }: Pick<Call<Request, Answer, Result>, 'method' | 'branch' | 'id'>,
  limits: Pick<OutgoingCall, 'signal' | 'timeoutMs' | 'stream'>,
): OutgoingCall {
  const [, service = '', name = ''] = method.path.split('/');
  return {
    service,
    method: name,
    kind: method.idempotency === 'NO_SIDE_EFFECTS' ? 'read' : 'write',
    branch,
    id,
    headers: {},
    onAttempt: () => undefined,
    onRetry: () => undefined,
    signal: limits.signal,
    timeoutMs: limits.timeoutMs,
    stream: limits.stream,
  };
}

function encode<Request>(method: Method<Request, unknown>, request: Request): Uint8Array {
  const bytes = method.encode(request);
  if (bytes.length > MESSAGE_BYTES_MAX) {
    const problem = `the request has ${bytes.length} bytes, more than ${MESSAGE_BYTES_MAX}`;
    throw errorFor({ reason: 'PAYLOAD_TOO_LARGE', metadata: { problem }, where: method.path });
  }
  return bytes;
}
