import { startApi } from '@giro/api';
import { Bank, money } from '@giro/sdk';
import { traceCalls } from '@giro/sdk/opentelemetry';
import { startServer } from '@giro/server';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { emptyDatabase } from '../packages/server/test-support/database.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const lines: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
let databaseUrl: string;
let server: Awaited<ReturnType<typeof startServer>>;
let api: Awaited<ReturnType<typeof startApi>>;
let bank: Bank;

beforeAll(async () => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  databaseUrl = await emptyDatabase();
  server = await startServer({ databaseUrl, log, port: 0 });
  const servers = `127.0.0.1:${server.port}`;
  api = await startApi({ servers, port: 0, logger: log });
  bank = new Bank({ servers, interceptors: [traceCalls()] });
  await bank.branches.initialize({ id: 1, initialBalance: money('99999999999.00', 'USD') });
});
afterAll(async () => {
  await bank.close();
  await api.close();
  await server.close();
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
});
beforeEach(() => {
  exporter.reset();
  lines.splice(0);
});

/** The caller of the tests, as W3C Trace Context names one. */
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

const TOKEN = 'a-very-secret-token';

test('a transfer by REST is one trace, from the request to the statements, with nothing personal in it', async () => {
  const [alice, bob] = await twoAccounts();
  await bank.deposit({ to: alice, amount: money('9876543210.99', 'USD') });
  exporter.reset();
  lines.splice(0);
  const status = await request('POST', '/v1/transfers', {
    ...{ from: alice, to: bob, amount: { amount: '876543210987', currency: 'USD' } },
    ...{ description: 'very-private-words', metadata: { note: 'private-too' } },
  });
  expect(status).toBe(201);
  const spans = exporter.getFinishedSpans();
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE_ID]));
  const http = one(spans, 'POST /v1/transfers');
  expect(http).toMatchObject({
    kind: SpanKind.SERVER,
    parentSpanContext: { spanId: SPAN_ID },
    attributes: { 'http.route': '/v1/transfers', 'http.response.status_code': 201 },
  });
  const [call, answered, commit, ...rest] = chain(spans, http);
  expect([call, answered]).toMatchObject([
    { name: 'giro.v1.TransferService/Transfer', kind: SpanKind.CLIENT },
    { kind: SpanKind.SERVER, attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 0 } },
  ]);
  expect(commit).toMatchObject({ name: 'commit', attributes: { 'giro.commit.commands': 1 }, links: [] });
  expect(rest).toEqual([]);
  const statements = below(spans, commit);
  expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['BEGIN', 'UPDATE', 'COMMIT']));
  for (const { kind, name, attributes } of statements) {
    expect(kind).toBe(SpanKind.CLIENT);
    expect(attributes).toEqual({ 'db.system.name': 'postgresql', 'db.operation.name': name });
  }
  await request('GET', `/v1/accounts/${alice}`);
  await request('POST', '/v1/transfers', {
    from: bob,
    to: alice,
    amount: { amount: '9999999999999', currency: 'USD' },
  });
  const told = tellings();
  for (const secret of [alice, bob, 'alice', 'bob', '876543210987', '9999999999999', 'private', TOKEN])
    expect(told).not.toContain(secret);
});

test('every line of the log names the trace', async () => {
  await request('GET', '/v1/branches/1');
  expect(lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['trace_id'])).toEqual([
    TRACE_ID,
    TRACE_ID,
  ]);
});

test('a commit of several calls is below one of them, and linked to the others', async () => {
  const [to] = await twoAccounts();
  // Calls of clients of their own: one would join them into one request.
  const banks = Array.from(
    { length: 5 },
    () => new Bank({ servers: `127.0.0.1:${server.port}`, interceptors: [traceCalls()] }),
  );
  await Promise.all(banks.map((each) => each.branches.get(1)));
  exporter.reset();
  for (let round = 0; round < 20; round++)
    await Promise.all(banks.map((each) => each.deposit({ to, amount: money('1.00', 'USD') })));
  await Promise.all(banks.map((each) => each.close()));
  const spans = exporter.getFinishedSpans();
  const calls = spans.filter(({ kind, name }) => kind === SpanKind.SERVER && name.endsWith('/Deposit'));
  const ids = new Set(calls.map((span) => span.spanContext().spanId));
  expect(ids.size).toBe(100);
  const commits = spans.filter(({ name }) => name === 'commit');
  const named = commits.flatMap(({ parentSpanContext, links }) => [
    parentSpanContext?.spanId,
    ...links.map((link) => link.context.spanId),
  ]);
  expect(new Set(named)).toEqual(ids);
  expect(commits.some(({ links }) => links.length > 0)).toBe(true);
});

test('an attempt that another server was ahead of is a span of its own, with the reason and nothing more', async () => {
  const [to] = await twoAccounts();
  const other = await startServer({ databaseUrl, log, port: 0 });
  const otherBank = new Bank({ servers: `127.0.0.1:${other.port}` });
  await otherBank.deposit({ to, amount: money('1.00', 'USD') });
  await otherBank.close();
  await other.close();
  exporter.reset();
  await bank.deposit({ to, amount: money('1.00', 'USD') });
  const spans = exporter.getFinishedSpans();
  const commits = spans.filter(({ name }) => name === 'commit');
  expect(commits).toMatchObject([
    {
      attributes: { 'giro.commit.mode': 'optimistic', 'error.type': 'conflict' },
      status: { message: 'conflict' },
    },
    { attributes: { 'giro.commit.mode': 'locked' }, status: { code: SpanStatusCode.UNSET } },
  ]);
  const failed = below(spans, commits[0]).filter(({ status }) => status.code === SpanStatusCode.ERROR);
  // The fence divides by zero.
  expect(failed).toMatchObject([{ name: 'UPDATE', attributes: { 'error.type': '22012' }, events: [] }]);
});

test('a request that nobody traces begins a trace of its own', async () => {
  await request('GET', '/v1/branches/1', undefined, {});
  const spans = exporter.getFinishedSpans();
  const http = one(spans, 'GET /v1/branches/{branch}');
  expect(http.parentSpanContext).toBeUndefined();
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
});

async function twoAccounts(): Promise<[string, string]> {
  const open = (customer: string) => bank.accounts.open({ branch: 1, customer, currency: 'USD' });
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  return [alice.id, bob.id];
}

const IN_TRACE = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` };

/** Asks the API, and resolves with the status once its span has ended, which it does after the answer. */
async function request(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = IN_TRACE,
): Promise<number> {
  const before = answered();
  const { status } = await fetch(`http://127.0.0.1:${api.port}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}`, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await vi.waitFor(() => {
    expect(answered()).toBe(before + 1);
  });
  return status;
}

function answered(): number {
  return exporter.getFinishedSpans().filter(({ attributes }) => 'http.request.method' in attributes).length;
}

function one(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const [span, ...others] = spans.filter((each) => each.name === name);
  if (span === undefined || others.length > 0) throw new Error(`not one span ${name}`);
  return span;
}

function below(spans: readonly ReadableSpan[], parent: ReadableSpan | undefined): ReadableSpan[] {
  const id = parent?.spanContext().spanId;
  return spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === id);
}

/** The only span below a span, the only one below that, and so on. */
function chain(spans: readonly ReadableSpan[], from: ReadableSpan): ReadableSpan[] {
  const [only, ...others] = below(spans, from);
  return only === undefined || others.length > 0 ? [] : [only, ...chain(spans, only)];
}

/** Everything that spans and log have said. */
function tellings(): string {
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }));
  return JSON.stringify(spans) + lines.join('');
}
