/** How the server bounds what it takes, and how it stops. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js';
import {
  BranchServiceService,
  newWriteId,
  TransferServiceService,
  type DepositRequest,
} from '@giro/sdk/protocol';
import { expect, test } from 'vitest';
import { Committer } from '../commit/committer.js';
import { openDatabase } from '../store/database.js';
import { JournalVerifications } from '../store/journal-verifications.js';
import { postgresReads } from '../store/postgres-reads.js';
import { PostgresStore } from '../store/postgres-store.js';
import { JournalWatch } from '../watch/journal-watch.js';
import { initialize, lockBranch, logInto, open, refusal, startTestBank, usd } from './bank.fixture.js';
import { startGrpcServer } from './grpc-server.js';

test('a stop answers the calls in flight, refuses new ones, and does not wait for idle connections', async () => {
  const bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  const [host = '', port = ''] = bank.address.split(':');
  const idle = connect(Number(port), host);
  idle.on('error', () => undefined).resume();
  await once(idle, 'connect');

  const lock = await lockBranch(bank, 1);
  const inFlight = bank.deposit({ id: newWriteId(), to, amount: usd(3n) });
  await lock.waitedFor();
  const closed = bank.stop();
  const late = await refusal(bank.deposit({ id: newWriteId(), to, amount: usd(5n) }));
  expect(late.code).toBe('UNAVAILABLE');
  await lock.release();
  expect((await inFlight).receipt).toMatchObject({ balance: usd(3n) });
  const startedMs = performance.now();
  await closed;
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  await bank.close();
});

test('a call that does not end is cut off after the drain timeout, and what waits behind it is not begun', async () => {
  const bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  const log = logInto([]);
  const committer = new Committer(new PostgresStore(bank.databaseUrl), log);
  const database = openDatabase(bank.databaseUrl, () => undefined);
  const reads = postgresReads(database, bank.databaseUrl);
  const watch = new JournalWatch(reads, log);
  const verifications = new JournalVerifications(reads);
  const services = { committer, reads, watch, verifications, log, currency: 'USD' };
  const server = await startGrpcServer(services, { host: '127.0.0.1', port: 0, drainTimeoutMs: 200 });
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());

  const lock = await lockBranch(bank, 1);
  const first = depositCode(client, { id: newWriteId(), to, amount: usd(3n) });
  await lock.waitedFor();
  const second = depositCode(client, { id: newWriteId(), to, amount: usd(5n) });
  await untilReceived(client);
  await server.close();
  expect([await first, await second]).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  await lock.release();
  await committer.close();
  await database.close();
  client.close();
  expect((await bank.getAccount({ account: to })).account?.balance).toEqual(usd(3n));
  await bank.close();
});

test('more calls at once than a connection may have wait their turn', async () => {
  const bank = await startTestBank();
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  const deposits = Array.from({ length: 1_100 }, () =>
    bank.deposit({ id: newWriteId(), to, amount: usd(1n) }),
  );
  await Promise.all(deposits);
  expect((await bank.getAccount({ account: to })).account?.balance).toEqual(usd(1_100n));
  await bank.close();
});

test('a second stop waits for the first', async () => {
  const bank = await startTestBank();
  await Promise.all([bank.stop(), bank.stop()]);
  expect(bank.log.filter(({ msg }) => msg === 'stopped')).toHaveLength(1);
  await bank.close();
});

/** Resolves once the server has taken in what was sent before: one connection keeps the order. */
async function untilReceived(client: Client): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = BranchServiceService.listBranches;
  const request = { pageSize: 0, pageToken: '' };
  await new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, resolve);
  });
}

const { path, requestSerialize, responseDeserialize } = TransferServiceService.deposit;

function depositCode(client: Client, request: DepositRequest): Promise<string> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      (error: ServiceError | null) => {
        resolve(error === null ? 'OK' : status[error.code]);
      },
    );
  });
}
