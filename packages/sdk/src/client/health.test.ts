import { Server } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { Bank } from './bank.js';
import { bind, deadAddress, startSilentServer } from './scripted-server.fixture.js';

const check = {
  path: '/grpc.health.v1.Health/Check',
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
} as const;

/** Answers these bytes. */
async function startHealth(...bytes: number[]) {
  const server = new Server();
  server.addService(
    { check },
    {
      check: (_call: unknown, callback: (error: null, answer: Buffer) => void) => {
        callback(null, Buffer.from(bytes));
      },
    },
  );
  const port = await bind(server);
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.dispose]: () => {
      server.forceShutdown();
    },
  };
}

test('health tells how each server is, once', async () => {
  using well = await startHealth(8, 1);
  using ill = await startHealth(8, 2);
  const dead = await deadAddress();
  await using bank = new Bank({ servers: [well.address, ill.address, dead] });
  const health = await bank.health();
  expect(health).toMatchObject({
    serving: true,
    servers: [
      { address: well.address, status: 'SERVING' },
      { address: ill.address, status: 'NOT_SERVING' },
      { address: dead, status: 'UNREACHABLE', problem: expect.stringContaining('ECONNREFUSED') as string },
    ],
  });
  await using down = new Bank({ servers: [ill.address, dead] });
  await expect(down.health()).resolves.toMatchObject({ serving: false });
  const asked = bank.health();
  await bank.close();
  await expect(asked).resolves.toMatchObject({ serving: true });
  await expect(bank.health()).rejects.toMatchObject({ reason: 'CLIENT_CLOSED' });
});

test('health and ready end with their signal', async () => {
  await using silent = await startSilentServer();
  await using bank = new Bank(silent.address);
  for (const ask of ['health', 'ready'] as const) {
    const stop = new AbortController();
    const asked = bank[ask]({ signal: stop.signal });
    stop.abort('enough');
    await expect(asked).rejects.toMatchObject({ name: 'CancelledError', cause: 'enough' });
    await expect(bank[ask]({ signal: stop.signal })).rejects.toMatchObject({ reason: 'CANCELLED' });
  }
});

test('health tells that there is no token', async () => {
  using well = await startHealth(8, 1);
  const token = () => Promise.reject(new Error('the vault is sealed'));
  await using bank = new Bank({ servers: well.address, token, allowTokenOverPlaintext: true });
  const problem = 'there is no token to send: the vault is sealed';
  await expect(bank.health()).resolves.toMatchObject({ serving: false, servers: [{ problem }] });
});

test('ready tells why there is no connection', async () => {
  const dead = await deadAddress();
  await using bank = new Bank(dead);
  await expect(bank.ready({ timeoutMs: 300 })).rejects.toThrow(
    new RegExp(`no connection to ${dead} within 300 ms; .*ECONNREFUSED`),
  );
});
