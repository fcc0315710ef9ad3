import { status } from '@grpc/grpc-js';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Bank } from './client/bank.js';
import { plainStatus, refusal, startScriptedServer } from './client/scripted-server.fixture.js';
import { wireReceipt } from './client/wire-answers.fixture.js';
import { money } from './money/money.js';
import { traceCalls } from './opentelemetry.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
});
beforeEach(() => {
  exporter.reset();
});

const ACCOUNT = '17-1042-02';
const deposit = { to: ACCOUNT, amount: money('1.00', 'USD'), description: 'rent' };

test('each call is a span below the one around it, each further attempt an event, and the server hears of it', async () => {
  const failures = [plainStatus(status.UNAVAILABLE)];
  const parents: unknown[] = [];
  await using server = await startScriptedServer({
    deposit: ({ id }, { metadata }) => {
      parents.push(metadata.get('traceparent')[0]);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return { receipt: wireReceipt(id) };
    },
  });
  await using bank = new Bank({ servers: server.address, interceptors: [traceCalls()] });
  const tracer = trace.getTracer('test');
  const { id } = await tracer.startActiveSpan('payment', async (outer) => {
    const receipt = await bank.deposit(deposit);
    outer.end();
    return receipt;
  });
  const [span, outer] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    name: 'giro.v1.TransferService/Deposit',
    kind: SpanKind.CLIENT,
    attributes: {
      'rpc.system': 'grpc',
      'rpc.service': 'giro.v1.TransferService',
      'rpc.method': 'Deposit',
      'rpc.grpc.status_code': 0,
      'server.address': '127.0.0.1',
      'server.port': server.port,
      'giro.branch': 17,
      'giro.write_id': id,
    },
    events: [
      {
        name: 'retry',
        attributes: {
          'server.address': '127.0.0.1',
          'server.port': server.port,
          'error.type': 'UNAVAILABLE',
        },
      },
    ],
  });
  const { traceId, spanId } = span?.spanContext() ?? {};
  expect(span?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  expect(outer?.spanContext().traceId).toBe(traceId);
  expect(parents).toEqual([`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01`]);
});

test('a refusal is the status of its span, without what is personal in it', async () => {
  await using server = await startScriptedServer({
    withdraw: () => {
      throw refusal('INSUFFICIENT_FUNDS', {
        account: ACCOUNT,
        available: '3',
        needed: '100',
        currency: 'USD',
      });
    },
  });
  await using bank = new Bank({ servers: server.address, interceptors: [traceCalls()] });
  // Whose digits are none of those looked for below.
  const id = '0199abcd-0000-7000-8000-00000000abcd';
  await bank.withdraw({ id, from: ACCOUNT, amount: deposit.amount }).catch(() => undefined);
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: 'INSUFFICIENT_FUNDS' },
    attributes: { 'error.type': 'INSUFFICIENT_FUNDS', 'giro.attempts': 1, 'rpc.grpc.status_code': 9 },
  });
  expect(JSON.stringify([span?.attributes, span?.status, span?.events])).not.toMatch(/17-1042|USD|100/);
});

test('a span names the server that answered, its events those that did not', async () => {
  const scripts = { getTrialBalance: () => ({ position: { branch: 1, position: 1n }, lines: [] }) };
  await using one = await startScriptedServer(scripts);
  await using other = await startScriptedServer(scripts);
  const servers = [one, other];
  await using bank = new Bank({ servers: servers.map((each) => each.address), interceptors: [traceCalls()] });
  await bank.branches.trialBalance(1);
  const home = servers.find(({ calls }) => calls.length > 0);
  await home?.stop();
  await bank.branches.trialBalance(1);
  const [before, after] = exporter.getFinishedSpans();
  const [heir] = servers.filter((each) => each !== home);
  expect(before).toMatchObject({ attributes: { 'server.port': home?.port }, events: [] });
  expect(after).toMatchObject({
    attributes: { 'server.address': '127.0.0.1', 'server.port': heir?.port },
    events: [{ name: 'retry', attributes: { 'server.address': '127.0.0.1', 'server.port': home?.port } }],
  });
});
