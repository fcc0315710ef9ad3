import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Client, DatabaseError, type QueryConfig } from 'pg';

/**
 * Makes each statement of a client a span, by OpenTelemetry's conventions for databases, as long as there is a recorded
 * one around it. A span has neither text nor values.
 */
export function traceStatements(client: Client): void {
  const plain = Client.prototype as { query: Query };
  const query: Query = (...asked) => plain.query.apply(client, asked);
  const traced: Query = (...asked) => {
    if (trace.getActiveSpan()?.isRecording() !== true) return query(...asked);
    const [statement] = asked;
    const operation = operationOf(typeof statement === 'string' ? statement : statement.text);
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
    const span = TRACER.startSpan(operation, { kind: SpanKind.CLIENT, attributes });
    const answer = query(...asked);
    answer.then(
      () => {
        span.end();
      },
      (error: unknown) => {
        const code = error instanceof DatabaseError ? (error.code ?? 'unknown') : 'disconnected';
        span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    );
    return answer;
  };
  client.query = traced as Client['query'];
}

const TRACER = trace.getTracer('@giro/server');

/** The two ways in which the commit path asks: values are in the statement, or beside it. */
type Query = (statement: string | QueryConfig, values?: unknown[]) => Promise<unknown>;

/** What a statement does; of several made into one, what the first does. */
function operationOf(text: string): string {
  const [, operation = 'unknown'] = OPERATION.exec(text) ?? [];
  return operation.toUpperCase();
}

const OPERATION = /^\s*(?:with \w+ as \(\s*)?([a-z]+)/i;
