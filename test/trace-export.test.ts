import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { emptyDatabase } from '../packages/server/test-support/database.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

test('giro-server and giro-api send the spans of one trace to where the environment says', async () => {
  const collector = await startCollector();
  const { api, server, stop } = await startBank({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  expect(await initializeBranch(api)).toBe(200);
  const [apiEnd, serverEnd] = await stop();
  expect([apiEnd?.code, serverEnd?.code]).toEqual([0, 0]);
  expect(collector.posts.map(({ path }) => path)).toEqual(collector.posts.map(() => '/v1/traces'));
  for (const [service, span] of [
    ['giro-api', 'POST /initialize_branch'],
    ['giro-server', 'Bank/InitializeBranch'],
  ] as const) {
    const bodies = collector.posts.map(({ body }) => body).filter((body) => body.includes(service));
    expect(bodies.some((body) => body.includes(span))).toBe(true);
    expect(bodies.some((body) => body.includes(Buffer.from(TRACE_ID, 'hex')))).toBe(true);
  }
  // The server has got it as an argument.
  for (const { body } of collector.posts) expect(body.includes(server.databaseUrl)).toBe(false);
});

test('OTEL_SERVICE_NAME is the name that counts', async () => {
  const collector = await startCollector();
  const { api, stop } = await startBank({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: 'bank-of-tests',
  });
  await initializeBranch(api);
  await stop();
  const bodies = Buffer.concat(collector.posts.map(({ body }) => body));
  expect(bodies.includes('bank-of-tests')).toBe(true);
  expect(bodies.includes('giro-server')).toBe(false);
});

test.each([
  ['nobody listens', () => Promise.resolve('http://127.0.0.1:1')],
  ['nobody answers', startSilentServer],
])('where %s, calls are answered all the same, and a stop takes its time', async (_, place) => {
  const { api, stop } = await startBank({ OTEL_EXPORTER_OTLP_ENDPOINT: await place() });
  expect(await initializeBranch(api)).toBe(200);
  const startedMs = performance.now();
  for (const { code, stdout, stderr } of await stop()) {
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('the last spans could not be sent in time');
  }
  // One after the other: a second each for the spans, and some for the rest on a busy machine.
  expect(performance.now() - startedMs).toBeLessThan(8_000);
});

async function startBank(env: Record<string, string>) {
  const databaseUrl = await emptyDatabase();
  const server = await start('server', ['--database-url', databaseUrl], env);
  const api = await start('api', ['--servers', `127.0.0.1:${server.port}`], env);
  const stop = async () => [await api.stop(), await server.stop()];
  return { api, server: { databaseUrl }, stop };
}

/** Starts a program of the bank as it was built last. */
async function start(part: 'server' | 'api', args: readonly string[], env: Record<string, string>) {
  const program = fileURLToPath(new URL(`../packages/${part}/dist/bin.js`, import.meta.url));
  const child = spawn(process.execPath, [program, '--port', '0', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('it has no output');
  const ended = Promise.all([once(child, 'exit'), text(stdout), text(stderr)]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    stop: async () => {
      child.kill('SIGTERM');
      const [exit, out, err] = await ended;
      return { code: exit[0] as number | null, stdout: out, stderr: err };
    },
  };
}

async function initializeBranch({ port }: { readonly port: number }): Promise<number> {
  const { status } = await fetch(`http://127.0.0.1:${port}/initialize_branch`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify({ branch_id: 1, initial_balance: 1_000 }),
  });
  return status;
}

/** Takes what is sent by OTLP, and keeps it. */
async function startCollector() {
  const posts: { readonly path: string | undefined; readonly body: Buffer }[] = [];
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        posts.push({ path: request.url, body: Buffer.concat(chunks) });
        response.end();
      });
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { posts, url: await listening(server) };
}

/** Takes connections and says nothing. */
function startSilentServer(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
