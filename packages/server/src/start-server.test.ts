import { credentials } from '@grpc/grpc-js';
import { BranchServiceClient, newWriteId } from '@giro/sdk/protocol';
import pino from 'pino';
import { expect, inject, test } from 'vitest';
import { emptyDatabase, query } from '../test-support/database.js';
import { freePort } from '../test-support/free-port.js';
import { spreadDatabase } from './commit/lanes.fixture.js';
import {
  initialize,
  logInto,
  open,
  promised,
  refusal,
  startTestBank,
  usd,
  type LogLine,
} from './grpc/bank.fixture.js';
import { healthStatus } from './grpc/health.fixture.js';
import { startServer } from './start-server.js';
import { StartError } from './start-error.js';
import { brokenRules } from './store/bank-database.fixture.js';

test('connections that the database ends are told in the log, without the password, and replaced', async () => {
  const bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  await bank.getBranch({ branch: 1 });
  const mine = `datname = current_database() and pid <> pg_backend_pid()`;
  await query(bank.databaseUrl, `select pg_terminate_backend(pid) from pg_stat_activity where ${mine}`);
  await expect
    .poll(() => bank.log.some(({ msg }) => String(msg).includes('idle database connection')))
    .toBe(true);
  expect((await bank.getBranch({ branch: 1 })).branch?.id).toBe(1);
  const { receipt } = await bank.deposit({ id: newWriteId(), to, amount: usd(1n) });
  expect(receipt?.balance).toEqual(usd(1n));
  const text = JSON.stringify(bank.log);
  expect(text).not.toContain(new URL(bank.databaseUrl).password);
  expect(Math.max(...bank.log.map((line) => JSON.stringify(line).length))).toBeLessThan(4_000);
  await bank.close();
});

test('a currency that is none is refused before anything is touched', async () => {
  const options = { databaseUrl: 'postgresql://localhost:1/none', log: pino({ level: 'silent' }), port: 0 };
  await expect(startServer({ ...options, currency: 'usd' })).rejects.toThrow(
    new StartError("the currency 'usd' is no ISO 4217 code such as USD"),
  );
});

test('a server that waits for its database listens, lives, is not ready, and refuses with the reason', async () => {
  const databaseUrl = await emptyDatabase();
  const name = new URL(databaseUrl).pathname.slice(1);
  const postgresUrl = inject('postgresUrl');
  await query(postgresUrl, `alter database ${name} with allow_connections false`);
  const [port, metricsPort] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const log: LogLine[] = [];
  const starting = startServer({
    databaseUrl,
    log: logInto(log),
    port,
    metricsPort,
    databaseWaitMs: 20_000,
  });
  await expect
    .poll(() => log.some(({ msg }) => String(msg).startsWith('waiting for the database')))
    .toBe(true);
  expect([await healthStatus(address), await healthStatus(address, 'live')]).toEqual([
    'NOT_SERVING',
    'SERVING',
  ]);
  const told = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}${path}`);
    return [answer.status, await answer.text()];
  };
  expect(await told('/livez')).toEqual([200, 'alive\n']);
  expect(await told('/readyz')).toEqual([503, 'not ready: the server waits for its database\n']);
  const client = new BranchServiceClient(address, credentials.createInsecure());
  const getBranch = promised(client.getBranch.bind(client));
  expect(await refusal(getBranch({ branch: 1 }))).toMatchObject({
    code: 'UNAVAILABLE',
    details: expect.stringContaining('the server waits for its database') as string,
  });
  await query(postgresUrl, `alter database ${name} with allow_connections true`);
  const server = await starting;
  expect(await healthStatus(address)).toBe('SERVING');
  expect(await told('/readyz')).toEqual([200, 'ready\n']);
  expect(await refusal(getBranch({ branch: 1 }))).toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  client.close();
  await server.close();
});

test('several servers on one empty database start at once and serve the same books', async () => {
  const databaseUrl = await emptyDatabase();
  const banks = await Promise.all([1, 2, 3].map(() => startTestBank({ databaseUrl })));
  await Promise.all(banks.map((bank, index) => initialize(bank, index)));
  for (const bank of banks) {
    const { branches } = await bank.listBranches({ pageSize: 0, pageToken: '' });
    expect(branches.map(({ id }) => id)).toEqual([0, 1, 2]);
  }
  await Promise.all(banks.map((bank) => bank.close()));
});

test('a database that is spread over nodes is found to be, and written to at the nodes of its branches', async () => {
  const { url, nodes } = await spreadDatabase();
  const bank = await startTestBank({ databaseUrl: url, metricsPort: 0 });
  await initialize(bank, 1);
  await initialize(bank, 2);
  const lanes = async () => {
    const page = await fetch(`http://127.0.0.1:${bank.metricsPort}/metrics`);
    return /^giro_commit_lanes (\d+)$/m.exec(await page.text())?.[1];
  };
  expect(await lanes()).toBe('1');
  const told = () =>
    bank.log.filter(({ msg }) => String(msg).includes('node directly')).map(({ node }) => node);
  await expect.poll(told, { timeout: 15_000 }).toHaveLength(2);
  expect(told().toSorted()).toEqual(nodes.map(({ name }) => name).toSorted());
  const [from, to] = [(await open(bank, 1, 'ann')).id, (await open(bank, 2, 'bob')).id];
  await bank.deposit({ id: newWriteId(), to: from, amount: usd(5n) });
  await bank.transfer({ id: newWriteId(), from, to, amount: usd(3n) });
  expect(await lanes()).toBe('3');
  expect((await bank.getAccount({ account: to })).account?.balance).toEqual(usd(3n));
  await bank.close();
  await expect.poll(() => nodes.map((node) => node.connections())).toEqual([0, 0]);
  expect(await brokenRules(url)).toEqual([]);
}, 40_000);
