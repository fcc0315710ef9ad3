import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { StartError } from '../start-error.js';
import { assertCanListen, listen } from './listen.js';

test('a port that is taken is refused in a sentence, before and while listening', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const refused = new StartError(
    `cannot listen on 127.0.0.1:${port}: another program does, stop it or choose another port`,
  );
  await expect(assertCanListen('127.0.0.1', port)).rejects.toThrow(refused);
  await expect(listen(new Server(), '127.0.0.1', port, ServerCredentials.createInsecure())).rejects.toThrow(
    refused,
  );
  await expect(assertCanListen('0.0.0.0', port)).rejects.toThrow(StartError);
  other.close();
  await once(other, 'close');
  await assertCanListen('127.0.0.1', port);
});

test.each(['192.0.2.1', 'nowhere.invalid'])('%s is not this machine', async (host) => {
  await expect(assertCanListen(host, 0)).rejects.toThrow(
    new StartError(`cannot listen on ${host}:0: this machine has no such address, choose another host`),
  );
});

test.each(['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost'])('listens on %s', async (host) => {
  const server = new Server();
  expect(await listen(server, host, 0, ServerCredentials.createInsecure())).toBeGreaterThan(0);
  server.forceShutdown();
});
