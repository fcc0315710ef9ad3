import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { emptyDatabase, query } from '../test-support/database.js';
import { freePort } from '../test-support/free-port.js';
import { prepareDatabase } from './prepare-database.js';
import { StartError } from './start-error.js';

test.each([
  ['mysql://somebody:secret-word@localhost/books', 'DATABASE_URL cannot be used: it is no PostgreSQL URL'],
  ['localhost:5432', 'DATABASE_URL cannot be used: it is no PostgreSQL URL'],
  ['postgresql://somebody:secret-word@localhost:port/books', 'DATABASE_URL cannot be used: Invalid URL'],
  ['postgresql://somebody:secret-word@localhost:1/books', 'the database at localhost:1 cannot be used: '],
  ['postgresql://somebody:secret-word@nowhere.invalid/books', 'the database at nowhere.invalid:5432'],
])('%s is refused in one sentence that keeps the password', async (url, sentence) => {
  const error = await startError(url);
  expect(error.message).toContain(sentence);
  expect(error.message).toMatch(/DATABASE_URL/);
  expect(error.message).not.toMatch(/: ;|\n/);
  expect(inspect(error, { depth: 10 })).not.toContain('secret-word');
});

test('a password that is not right, or a database that is not there', async () => {
  const url = new URL(await emptyDatabase());
  url.pathname = '/elsewhere';
  expect((await startError(url.href)).message).toContain(
    'database "elsewhere" does not exist; set it up, or correct DATABASE_URL',
  );
  url.password = 'wrong-word';
  const error = await startError(url.href);
  expect(error.message).toContain('password authentication failed');
  expect(inspect(error, { depth: 10 })).not.toContain('wrong-word');
});

test('a database of a later version is left as it is', async () => {
  const url = await emptyDatabase();
  await query(url, 'create table schema_migrations (version integer primary key, applied_at timestamptz)');
  await query(url, 'insert into schema_migrations values (9999, now())');
  expect((await startError(url)).message).toMatch(/^the database has schema version 9999, .*newer server$/);
  const tables = await query(url, `select tablename from pg_tables where schemaname = 'public'`);
  expect(tables).toEqual([{ tablename: 'schema_migrations' }]);
});

test('an empty database is made ready, and stays so', async () => {
  const url = await emptyDatabase();
  await prepareDatabase(url);
  await prepareDatabase(url);
  expect(await query(url, 'select count(*)::int as count from branches')).toEqual([{ count: 0 }]);
});

test('a database that is not there yet is waited for, and each reason is told once', async () => {
  const url = new URL(await emptyDatabase());
  const port = await freePort();
  const late = new URL(`postgresql://postgres@127.0.0.1:${port}${url.pathname}`);
  late.password = url.password;
  late.username = url.username;
  const lines: string[] = [];
  const log = {
    warn: (_details: object, message: string) => lines.push(message),
    info: (message: string) => lines.push(message),
  };
  const prepared = prepareDatabase(late.href, { waitMs: 20_000, log });
  await sleep(1_000);
  // What PostgreSQL says while it starts.
  const starting = await answerOn(port, (socket) => socket.end(STARTING_UP));
  // By then a second and a half may pass between two tries.
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(2);
  await starting.stop();
  await answerOn(port, (socket) => socket.pipe(connect(pathOf(url))).pipe(socket));
  await prepared;
  expect(lines).toEqual([
    `waiting for the database: connect ECONNREFUSED 127.0.0.1:${port}`,
    'waiting for the database: the database system is starting up',
    'the database is there',
  ]);
  expect(await query(url.href, 'select count(*)::int as count from branches')).toEqual([{ count: 0 }]);
});

test('it is waited for no longer than was said, and not at all once that is given up', async () => {
  const nobody = `postgresql://127.0.0.1:${await freePort()}/books`;
  const startedMs = performance.now();
  await expect(prepareDatabase(nobody, { waitMs: 700 })).rejects.toBeInstanceOf(StartError);
  expect(performance.now() - startedMs).toBeGreaterThan(690);
  const giveUp = new AbortController();
  const prepared = prepareDatabase(nobody, { waitMs: 60_000, signal: giveUp.signal });
  giveUp.abort(new Error('enough'));
  await expect(prepared).rejects.toThrow('enough');
});

test('a database that takes the connection and never answers is given up at once', async () => {
  const port = await freePort();
  const asked = vi.fn();
  await answerOn(port, asked);
  const giveUp = new AbortController();
  const url = `postgresql://127.0.0.1:${port}/books`;
  const prepared = prepareDatabase(url, { waitMs: 60_000, signal: giveUp.signal });
  await expect.poll(() => asked.mock.calls.length).toBe(1);
  const abortedMs = performance.now();
  giveUp.abort(new Error('enough'));
  await expect(prepared).rejects.toThrow('enough');
  expect(performance.now() - abortedMs).toBeLessThan(3_000);
});

test('what waiting does not cure is not waited for', async () => {
  const url = new URL(await emptyDatabase());
  url.pathname = '/elsewhere';
  await expect(prepareDatabase(url.href, { waitMs: 60_000 })).rejects.toThrow('does not exist');
  url.password = 'wrong-word';
  await expect(prepareDatabase(url.href, { waitMs: 60_000 })).rejects.toThrow('authentication failed');
});

/** An ErrorResponse of PostgreSQL's protocol. */
const STARTING_UP = (() => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const head = Buffer.from('E0000');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
})();

/** Where the test run's PostgreSQL has its socket. */
function pathOf(url: URL): string {
  return `${url.searchParams.get('host') ?? ''}/.s.PGSQL.5432`;
}

async function answerOn(port: number, answer: (socket: Socket) => void) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (first) => {
      socket.unshift(first);
      answer(socket);
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return { stop };
}

async function startError(url: string): Promise<StartError> {
  const error: unknown = await prepareDatabase(url).catch((thrown: unknown) => thrown);
  if (error instanceof StartError) return error;
  throw new Error(`expected a StartError, got ${String(error)}`);
}
