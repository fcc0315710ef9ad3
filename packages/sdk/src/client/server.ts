import { Client, connectivityState, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { onAbort } from './abort.js';
import { channelCredentials, channelOptions, type ChannelSettings } from './channel.js';
import { connectionProblem } from './connection-problem.js';
import { MessageStream } from './message-stream.js';
import { asIs, toBuffer } from './raw-bytes.js';
import { waitFor } from './wait.js';
import { wallDeadline } from './wall-deadline.js';

/** What came of one request to one server. */
export type SendResult = { readonly kind: 'answered'; readonly bytes: Uint8Array } | SendFailed | Unconnected;

/** A request on its way. */
export interface Sending {
  /** False if it surely has not left this process. */
  wasSent(): boolean;
  cancel(): void;
}

/** What came of asking for a stream of answers. */
export type OpenResult =
  | {
      readonly kind: 'open';
      readonly messages: MessageStream;
      readonly token: string | undefined;
      readonly wasSent: () => boolean;
    }
  | Unconnected;

/** `sent` is false if the request surely never left this process. */
export interface SendFailed {
  readonly kind: 'failed';
  readonly error: ServiceError;
  readonly sent: boolean;
  /** What the request was sent with. */
  readonly token: string | undefined;
}

/** The connection, or the token for it, was not there in time: nothing was sent. */
export interface Unconnected {
  readonly kind: 'unconnected';
  /** Whether it was the deadline that ended the wait. */
  readonly late: boolean;
  /** Why there is no token. */
  readonly tokenProblem?: Error;
}

/** A header is sent with the request, in lower case; `authorization` is the client's own. */
export type Headers = Readonly<Record<string, string>>;

export interface SendOptions {
  /** By `performance.now()`; Infinity for none. */
  readonly deadline: number;
  /** Whether another server could be asked: then one that does not let itself be connected to is not waited for again. */
  readonly hurry: boolean;
  readonly signal: AbortSignal | undefined;
  readonly headers?: Headers | undefined;
}

/** The connection to one server, made when first used and again whenever it was lost. */
export class Server {
  readonly address: string;
  readonly tls: boolean;
  readonly #client: Client;
  readonly #settings: ChannelSettings;
  readonly #changeListeners = new Set<() => void>();
  #watching = false;
  /** True from when a connection was not there in time until the server is heard of again. */
  #slow = false;
  #closed = false;

  /** @param serverName - whom its certificate is to name; by default the host of the address */
  constructor(address: string, settings: ChannelSettings, serverName?: string) {
    this.address = address;
    this.tls = settings.tls !== undefined;
    this.#settings = settings;
    const options = channelOptions(settings, serverName);
    this.#client = new Client(`dns:///${address}`, channelCredentials(settings), options);
  }

  /** Sends one request once. */
  async send(path: string, request: Uint8Array, options: SendOptions): Promise<SendResult> {
    return (await this.connect(options)) ?? this.#send(path, request, options);
  }

  /** Asks once for a stream of answers, which ends when the signal aborts. */
  async open(path: string, request: Uint8Array, options: SendOptions): Promise<OpenResult> {
    return (await this.connect(options)) ?? this.#open(path, request, options);
  }

  /** Connected with a token to send, or certain to fail at once. Asks for a connection, too, if there is none. */
  get settled(): boolean {
    return !this.#closed && isSettled(this.#state()) && this.#settings.token.fresh;
  }

  /** @returns undefined once there is a connection, or it is certain at once why there is none */
  async connect(options: SendOptions): Promise<Unconnected | undefined> {
    const unconnected = (await this.#haveToken(options)) ?? (await this.#haveConnection(options));
    if (unconnected !== undefined) return unconnected;
    const { deadline, signal } = options;
    // A name may have gone while the call waited for its token: another server is asked.
    if (signal?.aborted === true || this.#closed) return { kind: 'unconnected', late: false };
    return performance.now() >= deadline ? { kind: 'unconnected', late: true } : undefined;
  }

  /**
   * Sends one request once, now: it is up to the caller that the connection is {@link settled}.
   *
   * @param done - called once, and not before this has returned
   */
  start(
    path: string,
    request: Uint8Array,
    { deadline, headers }: Pick<SendOptions, 'deadline' | 'headers'>,
    done: (result: Exclude<SendResult, Unconnected>) => void,
  ): Sending {
    this.#slow = false;
    const token = this.#settings.token.value;
    const call = this.#client.makeUnaryRequest(
      path,
      toBuffer,
      asIs,
      request,
      this.#metadata(headers),
      { deadline: wallDeadline(deadline) },
      (error, bytes) => {
        if (error === null) done({ kind: 'answered', bytes: bytes ?? Buffer.alloc(0) });
        else done({ kind: 'failed', error, token, sent: this.#wasSent(call) });
      },
    );
    return {
      wasSent: () => this.#wasSent(call),
      cancel: () => {
        call.cancel();
      },
    };
  }

  /** @returns true once there is a connection, false if there is none after `ms` or when `signal` aborts */
  ready(ms: number, signal?: AbortSignal): Promise<boolean> {
    return this.#reach((state) => state === connectivityState.READY, ms, signal);
  }

  /** Why there is no connection; undefined if there is one, or that is not certain yet. Sends nothing. */
  problem(): Promise<string | undefined> {
    const state = this.#client.getChannel().getConnectivityState(false);
    if (this.#closed || state !== connectivityState.TRANSIENT_FAILURE) return Promise.resolve(undefined);
    // Only a call is told; without a connection it fails at once.
    return new Promise((resolve) => {
      const options = { deadline: wallDeadline(performance.now() + PROBLEM_TIMEOUT_MS) };
      this.#client.makeUnaryRequest('/', toBuffer, asIs, new Uint8Array(), options, (error) => {
        const told = error?.code === status.UNAVAILABLE;
        resolve(told ? connectionProblem(error.details, this.address, this.tls) : undefined);
      });
    });
  }

  /**
   * The bank does not know the token that was sent: the next call is to have another, if there is one.
   *
   * @returns whether there may be one at once
   */
  tokenRefused(sent: string | undefined): boolean {
    return this.#settings.token.refused(sent);
  }

  close(): void {
    this.#closed = true;
    this.#client.close();
  }

  async #haveToken({ deadline, signal }: SendOptions): Promise<Unconnected | undefined> {
    const { token } = this.#settings;
    const leftMs = deadline - performance.now();
    if (token.fresh || leftMs <= 0) return undefined;
    const tokenProblem = await token.refresh(leftMs, signal);
    return tokenProblem && { kind: 'unconnected', late: performance.now() >= deadline, tokenProblem };
  }

  async #haveConnection({ deadline, hurry, signal }: SendOptions): Promise<Unconnected | undefined> {
    // grpc-js would queue the request until there is a connection, and then not tell whether it was sent.
    if (!isSettled(this.#state())) {
      const patienceMs = hurry && this.#slow ? 0 : CONNECT_TIMEOUT_MS;
      const leftMs = deadline - performance.now();
      const settled = await this.#reach(isSettled, Math.min(patienceMs, leftMs), signal);
      if (!settled) {
        this.#slow ||= patienceMs < leftMs && signal?.aborted !== true;
        return { kind: 'unconnected', late: leftMs <= patienceMs };
      }
    }
    this.#slow = false;
    return undefined;
  }

  #open(path: string, request: Uint8Array, options: SendOptions): OpenResult {
    const { deadline, signal, headers } = options;
    const metadata = this.#metadata(headers);
    const messages = new MessageStream(this.#client, path, request, {
      deadline: wallDeadline(deadline),
      signal,
      metadata,
    });
    const token = this.#settings.token.value;
    return { kind: 'open', messages, token, wasSent: () => this.#wasSent(messages) };
  }

  /** Before a request is put on a connection, its peer is still the channel's target. */
  #wasSent(call: { getPeer(): string }): boolean {
    return call.getPeer() !== this.#client.getChannel().getTarget();
  }

  #metadata(headers: Headers | undefined): Metadata {
    const metadata = new Metadata();
    for (const name in headers) metadata.set(name, headers[name] ?? '');
    const token = this.#settings.token.value;
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    return metadata;
  }

  #send(path: string, request: Uint8Array, options: SendOptions): Promise<SendResult> {
    return new Promise((resolve) => {
      const sending = this.start(path, request, options, (result) => {
        stopListening();
        resolve(result);
      });
      const stopListening = onAbort(options.signal, () => {
        sending.cancel();
      });
    });
  }

  /** Asks for a connection, too, if there is none. */
  #state(): connectivityState {
    const channel = this.#client.getChannel();
    const state = channel.getConnectivityState(false);
    // Asking for one that is there would have grpc-js set its timers anew.
    return state === connectivityState.READY ? state : channel.getConnectivityState(true);
  }

  async #reach(
    reached: (state: connectivityState) => boolean,
    ms: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const end = performance.now() + ms;
    while (!reached(this.#state())) {
      const changed = await waitFor((listener) => this.#onChange(listener), end - performance.now(), signal);
      if (!changed) return false;
    }
    return true;
  }

  /** One watcher of grpc-js for all that wait: it cannot be taken back. */
  #onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    if (!this.#watching) {
      this.#watching = true;
      const channel = this.#client.getChannel();
      channel.watchConnectivityState(channel.getConnectivityState(false), Infinity, () => {
        this.#watching = false;
        const listeners = [...this.#changeListeners];
        this.#changeListeners.clear();
        for (const each of listeners) each();
      });
    }
    return () => this.#changeListeners.delete(listener);
  }
}

/** Long enough for a handshake around the world with one lost packet; a server that takes longer counts as gone. */
const CONNECT_TIMEOUT_MS = 2_000;

/** More than a call takes that fails at once. */
const PROBLEM_TIMEOUT_MS = 100;

/** Connected, or certain to fail at once with the reason why there is no connection. */
function isSettled(state: connectivityState): boolean {
  return state !== connectivityState.IDLE && state !== connectivityState.CONNECTING;
}
