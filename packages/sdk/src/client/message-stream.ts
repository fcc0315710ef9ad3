import {
  InterceptingCall,
  Metadata,
  status,
  type Client,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { onAbort } from './abort.js';
import { asIs, toBuffer } from './raw-bytes.js';

/** What comes next in a stream. */
export type NextMessage =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  /** Nothing came for as long as was waited. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly error: ServiceError };

export interface StreamOptions {
  /** As grpc-js takes it, in milliseconds since 1970-01-01T00:00:00Z; Infinity for none. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly metadata?: Metadata;
}

/** A stream of answers, of which each is fetched when it is asked for: a slow reader slows the server down. */
export class MessageStream {
  readonly #call: ClientReadableStream<Uint8Array>;
  readonly #messages: AsyncIterator<unknown, unknown>;
  readonly #stopListening: () => void;
  #gate: ReadGate | undefined;
  #silent = false;

  /** Asks for the stream. It ends when the signal aborts. */
  constructor(
    client: Client,
    path: string,
    request: Uint8Array,
    { deadline, signal, metadata = new Metadata() }: StreamOptions,
  ) {
    this.#call = client.makeServerStreamRequest(path, toBuffer, asIs, request, metadata, {
      deadline,
      interceptors: [(options, nextCall) => (this.#gate = new ReadGate(nextCall(options)))],
    });
    // Whatever fails while nobody reads, the next reader is told of; without a listener it would end the process.
    this.#call.on('error', () => undefined);
    this.#messages = this.#call[Symbol.asyncIterator]();
    this.#stopListening = onAbort(signal, () => {
      this.#call.cancel();
    });
  }

  /** @param silenceMs - the longest wait; then the stream is cancelled. Infinity for none */
  async next(silenceMs: number): Promise<NextMessage> {
    const timer = Number.isFinite(silenceMs) ? setTimeout(() => this.#endSilence(), silenceMs) : undefined;
    this.#gate?.allowOne();
    try {
      const next = await this.#messages.next();
      return next.done === true ? { kind: 'end' } : { kind: 'message', bytes: next.value as Uint8Array };
    } catch (error) {
      if (!isServiceError(error)) throw error;
      return this.#silent && error.code === status.CANCELLED ? { kind: 'silent' } : { kind: 'failed', error };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells the server that no more is wanted. */
  cancel(): void {
    this.#stopListening();
    this.#call.cancel();
  }

  /** Where the request was sent. */
  getPeer(): string {
    return this.#call.getPeer();
  }

  #endSilence(): void {
    this.#silent = true;
    this.#call.cancel();
  }
}

/** Lets grpc-js take one message at a time. By itself it would fetch sixteen ahead, of which each may be megabytes. */
class ReadGate extends InterceptingCall {
  #allowed = 0;
  #wanted = 0;

  override startRead(): void {
    this.#wanted += 1;
    this.#startAllowed();
  }

  allowOne(): void {
    this.#allowed += 1;
    this.#startAllowed();
  }

  #startAllowed(): void {
    if (this.#allowed === 0 || this.#wanted === 0) return;
    this.#allowed -= 1;
    this.#wanted -= 1;
    super.startRead();
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}
