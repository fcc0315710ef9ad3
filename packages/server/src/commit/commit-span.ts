import { context, ROOT_CONTEXT, SpanStatusCode, trace, type SpanContext } from '@opentelemetry/api';
import { StoreError } from '../store/store.js';
import type { Attempted } from './attempt.js';

/**
 * Calls that the span of a commit links to, besides the one it is below: enough to find company that was slow, and well
 * below the 128 links that OpenTelemetry keeps of a span. A batch may hold 512 calls.
 */
const COMMIT_LINKS_MAX = 32;

/** What the span of an attempt to commit says. */
export interface CommitSpanOptions {
  /** The calls whose commands are in it, of those that are recorded. */
  readonly calls: readonly SpanContext[];
  readonly commands: number;
  readonly optimistic: boolean;
}

/** The call that is answered just now, if it is recorded; undefined without a registered provider. */
export function recordedCall(): SpanContext | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() === true ? span.spanContext() : undefined;
}

/** The calls of a batch, each once, as many as its commit's span can name. */
export function callsIn(
  batch: Iterable<{ readonly submission: { readonly call: SpanContext | undefined } }>,
): SpanContext[] {
  const calls = new Set<SpanContext>();
  for (const { submission } of batch) {
    if (submission.call !== undefined) calls.add(submission.call);
    if (calls.size > COMMIT_LINKS_MAX) break;
  }
  return [...calls];
}

/**
 * Runs an attempt to commit in a span of its own if any of its calls is recorded: below the first of them, linked to the
 * others.
 */
export async function inCommitSpan(
  { calls: [first, ...others], commands, optimistic }: CommitSpanOptions,
  run: () => Promise<Attempted>,
): Promise<Attempted> {
  if (first === undefined) return run();
  const mode = optimistic ? 'optimistic' : 'locked';
  const attributes = { 'giro.commit.commands': commands, 'giro.commit.mode': mode };
  const links = others.map((call) => ({ context: call }));
  const around = trace.setSpanContext(ROOT_CONTEXT, first);
  const span = TRACER.startSpan('commit', { attributes, links }, around);
  const attempted = await context.with(trace.setSpan(around, span), run);
  if (attempted.kind === 'failed') {
    // Not the message: it may quote what was to be written.
    const failure = attempted.error instanceof StoreError ? attempted.error.failure : 'unforeseen';
    span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR, message: failure });
  }
  span.end();
  return attempted;
}

const TRACER = trace.getTracer('@giro/server');
