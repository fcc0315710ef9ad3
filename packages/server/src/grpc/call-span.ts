import { status, type Metadata } from '@grpc/grpc-js';
import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type TextMapGetter,
} from '@opentelemetry/api';
import { catalogue, type Reason } from '@giro/sdk/protocol';

/** The span of a call, by OpenTelemetry's conventions for RPC; without a registered provider it is next to nothing. */
export interface CallSpan {
  /** The trace that the call is part of; undefined if it is in none. */
  readonly traceId: string | undefined;
  /** Runs what answers the call: spans that begin in it are below this one. */
  within<Result>(run: () => Result): Result;
  /** @param isFault - whether it is this side that went wrong */
  end(reason: Reason | 'OK', isFault: boolean): void;
}

/**
 * Begins the span of a call. It goes on with the trace that the caller sent.
 *
 * @param path - of the method, such as `/giro.v1.TransferService/Deposit`
 */
export function startCallSpan(path: string, metadata: Metadata): CallSpan {
  const around = propagation.extract(ROOT_CONTEXT, metadata, HEADERS);
  const span = TRACER.startSpan(path.slice(1), { kind: SpanKind.SERVER }, around);
  const { traceId } = span.spanContext();
  if (!isSpanContextValid(span.spanContext())) return { ...UNTRACED, traceId: traceIdIn(metadata) };
  if (span.isRecording()) span.setAttributes(attributesOf(path));
  const inside = trace.setSpan(around, span);
  return {
    traceId,
    within: (run) => context.with(inside, run),
    end(reason, isFault) {
      if (!span.isRecording()) return;
      const code = reason === 'OK' ? status.OK : status[catalogue[reason].code];
      span.setAttribute('rpc.grpc.status_code', code);
      if (reason !== 'OK') span.setAttribute('error.type', reason);
      if (isFault) span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
      span.end();
    },
  };
}

const TRACER = trace.getTracer('@giro/server');

/** Of a server that makes no spans. */
const UNTRACED: Omit<CallSpan, 'traceId'> = {
  within: (run) => run(),
  end: () => undefined,
};

const HEADERS: TextMapGetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => metadata.get(key).map(String),
};

function attributesOf(path: string) {
  const [, service = '', method = ''] = path.split('/');
  return { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
}

/** The trace that the caller names, by W3C Trace Context, for the log of a server that makes no spans. */
function traceIdIn(metadata: Metadata): string | undefined {
  const [sent] = metadata.get('traceparent');
  const [, traceId] = TRACEPARENT.exec(typeof sent === 'string' ? sent : '') ?? [];
  return traceId === NO_TRACE ? undefined : traceId;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** What the standard calls invalid. */
const NO_TRACE = '0'.repeat(32);
