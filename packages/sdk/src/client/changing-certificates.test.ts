import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Bank } from './bank.js';
import { selfSigned } from './certificates.fixture.js';
import { startScriptedServer } from './scripted-server.fixture.js';
import { wireAccount } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';

/** More than it takes the client to look at its files, which it does every five seconds. */
const NOTICED_MS_MAX = 12_000;

type Pems = Awaited<ReturnType<typeof selfSigned>>;

function startMutual({ cert, key }: Pems, clients: Pems, port = 0) {
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  const credentials = ServerCredentials.createSsl(Buffer.from(clients.cert), [pair], true);
  const scripts = { getAccount: () => ({ account: wireAccount({ id: ACCOUNT }) }) };
  return startScriptedServer(scripts, port, { credentials });
}

async function secret() {
  const directory = await mkdtemp(join(tmpdir(), 'giro-certificates-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const paths = {
    caFile: join(directory, 'ca.crt'),
    certFile: join(directory, 'tls.crt'),
    keyFile: join(directory, 'tls.key'),
  };
  const publish = async (server: Pems, { cert, key }: Pems) => {
    await writeFile(paths.caFile, server.cert);
    await writeFile(paths.certFile, cert);
    await writeFile(paths.keyFile, key);
  };
  return { paths, publish };
}

test('new connections use the certificates as they are in their files by then', async () => {
  const [server, client, newServer, newClient] = await Promise.all([
    selfSigned(),
    selfSigned(),
    selfSigned(),
    selfSigned(),
  ]);
  const { paths, publish } = await secret();
  await publish(server, client);
  const logger = { debug: vi.fn(), warn: vi.fn() };
  const first = await startMutual(server, client);
  const servers = `localhost:${first.port}`;
  await using bank = new Bank({ servers, tls: paths, logger, timeoutMs: 1_000 });
  const outcome = () =>
    bank.accounts.get(ACCOUNT).then(
      ({ id }) => id,
      () => 'none',
    );
  expect(await outcome()).toBe(ACCOUNT);

  await writeFile(paths.caFile, 'nothing of use');
  await vi.waitUntil(() => logger.warn.mock.calls.length > 0, NOTICED_MS_MAX);
  expect(logger.warn.mock.calls[0]).toMatchObject([
    expect.stringContaining('TLS files'),
    { problem: expect.stringContaining('tls.caFile') as string },
  ]);
  await first.stop();
  await using again = await startMutual(server, client, first.port);
  await expect.poll(outcome, { timeout: NOTICED_MS_MAX }).toBe(ACCOUNT);

  await publish(newServer, newClient);
  await again.stop();
  await using second = await startMutual(newServer, newClient, first.port);
  expect(second.port).toBe(first.port);
  await expect.poll(outcome, { timeout: NOTICED_MS_MAX }).toBe(ACCOUNT);
}, 60_000);

test('a certificate in files goes with the authorities that come with Node.js, too', async () => {
  const [server, client] = await Promise.all([selfSigned(), selfSigned()]);
  const { paths, publish } = await secret();
  await publish(server, client);
  await using mutual = await startMutual(server, client);
  const { certFile, keyFile } = paths;
  await using bank = new Bank({ servers: `localhost:${mutual.port}`, tls: { certFile, keyFile } });
  await expect(bank.ready({ timeoutMs: 1_000 })).rejects.toThrow('an unknown authority');
});

test('a file that cannot be read, holds something else, or is given beside a text is refused', async () => {
  const { paths, publish } = await secret();
  const pems = await selfSigned();
  await publish(pems, pems);
  const make = (tls: object) => () => new Bank({ servers: 'localhost:1', tls });
  expect(make({ caFile: '/nowhere/ca.crt' })).toThrow(
    /tls\.caFile: .*'\/nowhere\/ca\.crt' cannot be read: ENOENT/,
  );
  expect(make({ caFile: import.meta.filename })).toThrow('tls.caFile');
  expect(make({ caFile: '' })).toThrow('the path of a file');
  expect(make({ ca: pems.cert, caFile: paths.caFile })).toThrow('tls.ca: given beside tls.caFile');
  expect(make({ certFile: paths.certFile })).toThrow('tls.key: missing');
});
