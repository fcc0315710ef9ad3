import { createServer } from 'node:net';

/** How a server on this machine, and nobody else, gets at PostgreSQL. */
export interface Endpoint {
  /** A private directory for PostgreSQL's socket; undefined on Windows, where it listens on 127.0.0.1. */
  readonly socketDir: string | undefined;
  readonly port: number;
}

/** Only part of the socket's name where there is one. */
const postgresPort = 5432;

/** @param socketDir - a private directory with a short path */
export async function chooseEndpoint(socketDir: string): Promise<Endpoint> {
  if (process.platform !== 'win32') return { socketDir, port: postgresPort };
  return { socketDir: undefined, port: await freePort() };
}

/**
 * PostgreSQL's arguments. Settings are given here, where a line in a configuration file cannot change them: an
 * acknowledged write is durable (rule R11) only with the first three.
 */
export function postgresArgs(clusterDir: string, { socketDir, port }: Endpoint): string[] {
  const settings: Record<string, string | number> = {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    max_wal_size: '2GB',
    shared_buffers: '256MB',
    max_connections: 100,
    listen_addresses: socketDir === undefined ? '127.0.0.1' : '',
    unix_socket_directories: socketDir ?? '',
    unix_socket_permissions: '0700',
    port,
    cluster_name: 'giro',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    // Statements and details carry customers' data, which has no place in a log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  return [
    '-D',
    clusterDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]),
  ];
}

/** A connection string for `pg`; complete, so that PGPORT and its like in the environment change nothing. */
export function connectionUrl(
  { socketDir, port }: Endpoint,
  role: string,
  password: string,
  database: string,
): string {
  const host = socketDir === undefined ? '127.0.0.1' : 'localhost';
  const url = new URL(`postgresql://${role}:${password}@${host}:${String(port)}/${database}?sslmode=disable`);
  if (socketDir !== undefined) url.searchParams.set('host', socketDir);
  return url.href;
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('a listening socket has no port'));
      });
    });
  });
}
