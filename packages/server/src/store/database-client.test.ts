/** The two nodes of a database, one of which is the primary, and how the server finds it. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../test-support/free-port.js';
import { prepareDatabase } from '../prepare-database.js';
import { DatabaseClient } from './database-client.js';
import { startDatabaseNodes, type DatabaseNodes } from './database-nodes.fixture.js';

let nodes: DatabaseNodes;

beforeAll(async () => {
  nodes = await startDatabaseNodes();
}, 120_000);

afterAll(() => nodes.stop());

const inRecovery = 'select pg_is_in_recovery() as standby';

it('a client goes to the one that takes writes, wherever it stands in the list', async () => {
  for (const url of [nodes.url, swapped(nodes.url)]) {
    const client = new DatabaseClient({ connectionString: url });
    await client.connect();
    expect((await client.query(inRecovery)).rows).toEqual([{ standby: false }]);
    await client.end();
  }
});

it('so does each client of a pool', async () => {
  const pool = new Pool({ Client: DatabaseClient, connectionString: nodes.url, max: 4 });
  onTestFinished(() => pool.end());
  const answers = await Promise.all([1, 2, 3, 4].map(() => pool.query(inRecovery)));
  expect(answers.map(({ rows }) => rows as unknown)).toEqual(answers.map(() => [{ standby: false }]));
  expect(pool.totalCount).toBe(4);
});

it('a host that is silent does not hold up one that answers', async () => {
  const port = await silentPort();
  const client = new DatabaseClient({ connectionString: nodes.url.replace('@', `@127.0.0.1:${port},`) });
  const startedMs = performance.now();
  await client.connect();
  expect(performance.now() - startedMs).toBeLessThan(2_500);
  await client.end();
});

it('where none is the primary, what is wrong with each host is told, and no password', async () => {
  const [standby = ''] = hostsOf(nodes.url);
  const [dead, silent] = [await freePort(), await silentPort()];
  const url = nodes.url.replace(
    hostsOf(nodes.url).join(),
    `${standby},127.0.0.1:${dead},127.0.0.1:${silent}`,
  );
  const error: unknown = await prepareDatabase(url).catch((thrown: unknown) => thrown);
  const { message } = error as Error;
  expect(message).toContain(
    `the database at ${standby},127.0.0.1:${dead},127.0.0.1:${silent} cannot be used: `,
  );
  expect(message).toContain(`${decodeURIComponent(standby)}: it is a standby`);
  expect(message).toContain(`127.0.0.1:${dead}: connect ECONNREFUSED`);
  expect(message).toContain(`127.0.0.1:${silent}: no answer within 3 s`);
  expect(message).not.toContain(new URL(nodes.primary.url).password);
});

it('a password that none of them takes is not waited for', async () => {
  const url = nodes.url.replace(new URL(nodes.primary.url).password, 'wrong');
  await expect(prepareDatabase(url, { waitMs: 60_000 })).rejects.toThrow('password authentication failed');
});

function hostsOf(url: string): string[] {
  return /@([^/]*)/.exec(url)?.[1]?.split(',') ?? [];
}

function swapped(url: string): string {
  const hosts = hostsOf(url);
  return url.replace(hosts.join(), hosts.toReversed().join());
}

/** Where a connection is taken and nothing is ever said. */
async function silentPort(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
