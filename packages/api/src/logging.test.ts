import { Writable } from 'node:stream';
import { pino } from 'pino';
import { beforeEach, expect, test, vi } from 'vitest';
import { useApi } from '../test-support/test-api.js';

const lines: Record<string, unknown>[] = [];
const stream = new Writable({
  write(chunk: Buffer, _, done) {
    lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
    done();
  },
});
const api = useApi({ logger: pino({ level: 'debug' }, stream) });
/** There is no bank at this address. */
const cutOff = useApi({ servers: '127.0.0.1:1', logger: pino({ level: 'debug' }, stream) });
beforeEach(() => lines.splice(0));

test('a request leaves one line: id, method, route, status and duration', async () => {
  await api.get('/v1/branches?limit=1', { 'X-Request-Id': 'trace-1' });
  expect(lines).toHaveLength(1);
  const [{ time: _time, pid: _pid, hostname: _hostname, durationMs, ...line } = {}] = lines;
  expect(line).toEqual({
    level: pino.levels.values['info'],
    requestId: 'trace-1',
    method: 'GET',
    route: '/v1/branches',
    status: 200,
    msg: 'request',
  });
  expect(durationMs).toBeGreaterThanOrEqual(0);
});

test('neither bodies, nor paths, nor queries, nor headers are logged', async () => {
  const branch = await api.newBranch();
  const account = await api.newAccount(branch, 'very-private-name', '4711');
  await api.get(`/v1/accounts/${account}`);
  await api.get(`/v1/accounts/${account}/no-such-thing`);
  await api.get(`/v1/branches/${branch}/accounts?customer=very-private-name`, {
    Authorization: 'very-secret',
  });
  await api.post('/v1/accounts', '{"customer": very-private-name');
  expect(lines.length).toBeGreaterThanOrEqual(4);
  expect(JSON.stringify(lines)).not.toMatch(/very-private-name|very-secret|4711/);
  expect(JSON.stringify(lines)).not.toContain(account);
});

test('the line names the trace that the client is in, if that is one', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  for (const id of [traceId, '0'.repeat(32), 'Margaret'])
    await api.get('/healthz', { traceparent: `00-${id}-00f067aa0ba902b7-01` });
  expect(lines.map((line) => line['trace_id'])).toEqual([traceId, undefined, undefined]);
});

test('probes are heard at debug only', async () => {
  await api.get('/healthz');
  await api.get('/readyz');
  expect(lines.map(({ level }) => level)).toEqual([pino.levels.values['debug'], pino.levels.values['debug']]);
});

test('what the client did wrong is no error of ours', async () => {
  await api.get('/v1/branches/10000');
  expect(lines).toMatchObject([{ level: pino.levels.values['info'], status: 400 }]);
});

test('what went wrong on our side is told with its cause, and in the log alone', async () => {
  const { status, body } = await cutOff.get('/readyz', { 'X-Request-Id': 'trace-2' });
  expect(status).toBe(503);
  expect(lines).toMatchObject([
    {
      level: pino.levels.values['error'],
      requestId: 'trace-2',
      route: '/readyz',
      status: 503,
      msg: 'request failed',
      err: { message: expect.stringContaining('127.0.0.1:1') as string },
    },
  ]);
  expect(JSON.stringify(body)).not.toContain('127.0.0.1:1');
});

test('a client that hangs up leaves its line, too', async () => {
  const leave = new AbortController();
  const asked = fetch(`${cutOff.origin()}/v1/branches`, { signal: leave.signal });
  setTimeout(() => leave.abort(), 100);
  await expect(asked).rejects.toThrow();
  await vi.waitFor(() => expect(lines).toMatchObject([{ route: '/v1/branches' }]));
});
