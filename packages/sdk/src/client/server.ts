import {
  Client,
  connectivityState,
  credentials,
  Metadata,
  type ChannelOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import { ANSWER_BYTES_MAX, MESSAGE_BYTES_MAX } from '../limits.js';
import { onAbort } from './abort.js';
import { MessageStream } from './message-stream.js';
import { asIs, toBuffer } from './raw-bytes.js';
import { waitFor } from './wait.js';

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
  { readonly kind: 'open'; readonly messages: MessageStream; readonly wasSent: () => boolean } | Unconnected;

/** `sent` is false if the request surely never left this process. */
export interface SendFailed {
  readonly kind: 'failed';
  readonly error: ServiceError;
  readonly sent: boolean;
}

/** The connection was not there in time: nothing was sent. `late` if it was the deadline that ended the wait. */
export interface Unconnected {
  readonly kind: 'unconnected';
  readonly late: boolean;
}

export interface SendOptions {
  /** In milliseconds since 1970-01-01T00:00:00Z; Infinity for none. */
  readonly deadline: number;
  /** Whether another server could be asked: then one that does not let itself be connected to is not waited for again. */
  readonly hurry: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The connection to one server, made when first used and again whenever it was lost. */
export class Server {
  readonly address: string;
  readonly #client: Client;
  readonly #changeListeners = new Set<() => void>();
  #watching = false;
  /** True from when a connection was not there in time until the server is heard of again. */
  #slow = false;

  constructor(address: string) {
    this.address = address;
    this.#client = new Client(`dns:///${address}`, credentials.createInsecure(), channelOptions);
  }

  /** Sends one request once. */
  async send(path: string, request: Uint8Array, options: SendOptions): Promise<SendResult> {
    return (await this.connect(options)) ?? this.#send(path, request, options);
  }

  /** Asks once for a stream of answers, which ends when the signal aborts. */
  async open(path: string, request: Uint8Array, options: SendOptions): Promise<OpenResult> {
    return (await this.connect(options)) ?? this.#open(path, request, options);
  }

  /** Connected, or certain to fail at once. Asks for a connection, too, if there is none. */
  get settled(): boolean {
    return isSettled(this.#state());
  }

  /** @returns undefined once there is a connection, or it is certain at once why there is none */
  async connect({ deadline, hurry, signal }: SendOptions): Promise<Unconnected | undefined> {
    // grpc-js would queue the request until there is a connection, and then not tell whether it was sent.
    if (!this.settled) {
      const patienceMs = hurry && this.#slow ? 0 : CONNECT_TIMEOUT_MS;
      const leftMs = deadline - Date.now();
      const settled = await this.#reach(isSettled, Math.min(patienceMs, leftMs), signal);
      if (!settled) {
        this.#slow ||= patienceMs < leftMs && signal?.aborted !== true;
        return { kind: 'unconnected', late: leftMs <= patienceMs };
      }
    }
    this.#slow = false;
    if (signal?.aborted === true) return { kind: 'unconnected', late: false };
    return Date.now() >= deadline ? { kind: 'unconnected', late: true } : undefined;
  }

  /**
   * Sends one request once, now: it is up to the caller that the connection is {@link settled}.
   *
   * @param deadline - in milliseconds since 1970-01-01T00:00:00Z
   * @param done - called once, and not before this has returned
   */
  start(
    path: string,
    request: Uint8Array,
    deadline: number,
    done: (result: Exclude<SendResult, Unconnected>) => void,
  ): Sending {
    this.#slow = false;
    const call = this.#client.makeUnaryRequest(
      path,
      toBuffer,
      asIs,
      request,
      new Metadata(),
      { deadline },
      (error, bytes) => {
        if (error === null) done({ kind: 'answered', bytes: bytes ?? Buffer.alloc(0) });
        else done({ kind: 'failed', error, sent: this.#wasSent(call) });
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

  close(): void {
    this.#client.close();
  }

  #open(path: string, request: Uint8Array, options: SendOptions): OpenResult {
    const messages = new MessageStream(this.#client, path, request, options);
    return { kind: 'open', messages, wasSent: () => this.#wasSent(messages) };
  }

  /** Before a request is put on a connection, its peer is still the channel's target. */
  #wasSent(call: { getPeer(): string }): boolean {
    return call.getPeer() !== this.#client.getChannel().getTarget();
  }

  #send(path: string, request: Uint8Array, { deadline, signal }: SendOptions): Promise<SendResult> {
    return new Promise((resolve) => {
      const sending = this.start(path, request, deadline, (result) => {
        stopListening();
        resolve(result);
      });
      const stopListening = onAbort(signal, () => {
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
    const end = Date.now() + ms;
    while (!reached(this.#state())) {
      const changed = await waitFor((listener) => this.#onChange(listener), end - Date.now(), signal);
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

const channelOptions: ChannelOptions = {
  // Retries are ours alone, so that they are counted, can be aborted, and never repeat a write without an id.
  'grpc.enable_retries': 0,
  // Nor may a TXT record of the servers' domain bring others in.
  'grpc.service_config_disable_resolution': 1,
  'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
  'grpc.max_receive_message_length': ANSWER_BYTES_MAX,
  // A peer that vanished without a word is noticed within 40 s.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // A server that is back is found within two seconds; the default lets the pause grow to two minutes.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // A restarted pod has a new address; the default looks again after 30 s at the earliest.
  'grpc.dns_min_time_between_resolutions_ms': 2_000,
};

/** Connected, or certain to fail at once with the reason why there is no connection. */
function isSettled(state: connectivityState): boolean {
  return state !== connectivityState.IDLE && state !== connectivityState.CONNECTING;
}
