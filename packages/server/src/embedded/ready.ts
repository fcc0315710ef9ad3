import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { errorCode } from './error.js';

const pollIntervalMs = 20;
const attemptTimeoutMs = 5_000;

/**
 * Waits until PostgreSQL answers, which after a crash is when it has recovered, and makes `database` if it is not
 * there yet.
 *
 * @param adminUrl - of a database that is always there
 * @param database - a name that needs no quoting
 */
export async function prepareDatabase(
  adminUrl: string,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  const client = await connectWhenReady(adminUrl, signal);
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

async function connectWhenReady(connectionString: string, signal: AbortSignal): Promise<pg.Client> {
  for (;;) {
    signal.throwIfAborted();
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: attemptTimeoutMs });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isNotYet(error)) throw error;
    }
    await sleep(pollIntervalMs, undefined, { signal });
  }
}

/** No socket, no answer (`pg` gives these no code), or PostgreSQL says that it is still starting (57P03). */
function isNotYet(error: unknown): boolean {
  const code = errorCode(error);
  return code === undefined || ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P03'].includes(code);
}
