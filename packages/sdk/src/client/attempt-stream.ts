import { readAnswer, whyNot, type Attempted, type AttemptLimits, type AttemptTerms } from './attempt.js';
import { localFailure, type Failure } from './failure.js';
import type { SendFailed, Server } from './server.js';

export interface StreamTerms<Answer, Result> extends AttemptTerms<Answer, Result> {
  /** The longest that nothing may come, in milliseconds; Infinity if keepalive alone is to notice. */
  readonly silenceMs: number;
}

/**
 * Asks one server once for a stream of answers, and reads each, or what went wrong, after which there is nothing more. A
 * stream that the server ended in good order just ends. Leaving early tells the server.
 */
export async function* attemptStream<Answer, Result>(
  server: Server,
  terms: StreamTerms<Answer, Result>,
): AsyncGenerator<Attempted<Result>, void, undefined> {
  const { method, bytes, read, silenceMs } = terms;
  const opened = await server.open(method.path, bytes, terms);
  if (opened.kind === 'unconnected') {
    yield { kind: 'failed', failure: whyNot(server, opened, terms) };
    return;
  }
  const { messages } = opened;
  try {
    for (;;) {
      const next = await messages.next(silenceMs);
      if (next.kind === 'end') return;
      const attempted =
        next.kind === 'message'
          ? readAnswer(() => read(method.decode(next.bytes)))
          : { kind: 'failed' as const, failure: whyNoMore(server, next, terms) };
      yield attempted;
      if (attempted.kind === 'failed') return;
    }
  } finally {
    messages.cancel();
  }
}

function whyNoMore(
  server: Server,
  next: SendFailed | { readonly kind: 'silent' },
  terms: AttemptLimits & { readonly silenceMs: number },
): Failure {
  if (next.kind === 'failed') return whyNot(server, next, terms);
  const problem = `${server.address} gave no sign of life for ${terms.silenceMs} ms`;
  return localFailure('UNAVAILABLE', problem, { sent: true });
}
