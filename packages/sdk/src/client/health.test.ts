import { Server, ServerCredentials } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { Bank } from './bank.js';
import { deadAddress } from './scripted-server.fixture.js';

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
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
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
