import { readAnswer, whyNot, type Attempted, type AttemptTerms } from './attempt.js';
import { localFailure, type Failure } from './failure.js';
import type { Server } from './server.js';

export interface StreamTerms<Answer, Result> extends AttemptTerms<Answer, Result> {
  readonly bytes: Uint8Array;
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
  const { method, bytes, made, read, silenceMs } = terms;
  const opened = await server.open(method.path, bytes, terms);
  if (opened.kind === 'unconnected') {
    yield { kind: 'failed', failure: whyNot(server, opened, terms) };
    return;
  }
  const { messages, token, wasSent } = opened;
  const readNext = async (): Promise<Attempted<Result> | undefined> => {
    const next = await messages.next(silenceMs);
    switch (next.kind) {
      case 'message':
        return readAnswer(() => read(method.decode(next.bytes), made));
      case 'failed':
        return { kind: 'failed', failure: whyNot(server, { ...next, token, sent: wasSent() }, terms) };
      case 'silent':
        return { kind: 'failed', failure: silence(server, silenceMs) };
      case 'end':
        return undefined;
    }
  };
  try {
    for (;;) {
      const attempted = await readNext();
      if (attempted === undefined) return;
      yield attempted;
      if (attempted.kind === 'failed') return;
    }
  } finally {
    messages.cancel();
  }
}

function silence({ address }: Server, silenceMs: number): Failure {
  const problem = `${address} gave no sign of life for ${silenceMs} ms`;
  return localFailure('UNAVAILABLE', problem, { sent: true });
}
