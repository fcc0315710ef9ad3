import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { StartError } from '../start-error.js';

/**
 * Finds out whether this process could listen there, without doing so: worth knowing before anything else is started.
 *
 * @throws {@link StartError}
 */
export async function assertCanListen(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await once(probe.listen({ host, port, exclusive: true }), 'listening');
  } catch (error) {
    throw cannotListen(host, port, error);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/**
 * Begins to take calls.
 *
 * @returns the port, which `port` leaves open if it is 0
 * @throws {@link StartError}
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  credentials: ServerCredentials,
): Promise<number> {
  // Asked first, since grpc-js says less of what was wrong.
  await assertCanListen(host, port);
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(cannotListen(host, port, error));
    });
  });
}

function cannotListen(host: string, port: number, error: unknown): StartError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = PROBLEMS[code] ?? (error instanceof Error ? error.message : String(error));
  return new StartError(`cannot listen on ${host}:${port}: ${problem}`, { cause: error });
}

const NO_SUCH_ADDRESS = 'this machine has no such address, choose another host';

const PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does, stop it or choose another port',
  EACCES: 'this user may not, choose a port above 1023',
  EADDRNOTAVAIL: NO_SUCH_ADDRESS,
  ENOTFOUND: NO_SUCH_ADDRESS,
  EAI_AGAIN: NO_SUCH_ADDRESS,
};
