import { status, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { onAbort } from './abort.js';
import type { SendFailed } from './server.js';

/** What comes next in a stream. */
export type NextMessage =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  /** Nothing came for as long as was waited. */
  | { readonly kind: 'silent' }
  | SendFailed;

/**
 * A stream of answers. It takes a message from the server only once those before are taken here, but for a few that
 * Node.js buffers, so that a slow reader slows the server down and fills no memory.
 */
export class MessageStream {
  readonly #call: ClientReadableStream<Uint8Array>;
  readonly #messages: AsyncIterator<unknown, unknown>;
  readonly #wasSent: () => boolean;
  readonly #stopListening: () => void;
  #silent = false;

  constructor(
    call: ClientReadableStream<Uint8Array>,
    wasSent: () => boolean,
    signal: AbortSignal | undefined,
  ) {
    this.#call = call;
    this.#messages = call[Symbol.asyncIterator]();
    this.#wasSent = wasSent;
    this.#stopListening = onAbort(signal, () => {
      call.cancel();
    });
    // Whatever fails while nobody reads, the next reader is told of; without a listener it would end the process.
    call.on('error', () => undefined);
  }

  /** @param silenceMs - the longest wait; then the stream is cancelled. Infinity for none */
  async next(silenceMs: number): Promise<NextMessage> {
    const timer = Number.isFinite(silenceMs)
      ? setTimeout(() => {
          this.#silent = true;
          this.#call.cancel();
        }, silenceMs)
      : undefined;
    try {
      const next = await this.#messages.next();
      return next.done === true ? { kind: 'end' } : { kind: 'message', bytes: next.value as Uint8Array };
    } catch (error) {
      if (!isServiceError(error)) throw error;
      if (this.#silent && error.code === status.CANCELLED) return { kind: 'silent' };
      return { kind: 'failed', error, sent: this.#wasSent() };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells the server that no more is wanted. */
  cancel(): void {
    this.#stopListening();
    this.#call.cancel();
  }
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error;
}
