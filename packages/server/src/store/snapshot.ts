import { Socket } from 'node:net';
import type { QueryResultRow } from 'pg';
import { DatabaseClient } from './database-client.js';
import { readError } from './database.js';

/** How long the database may take to let a connection in. */
const CONNECT_TIMEOUT_MS = 5_000;

/** How long the database may take for a page of rows. */
const PAGE_TIMEOUT_MS = 30_000;

/** How long the database may take to say goodbye; it knows how to do without. */
const END_TIMEOUT_MS = 1_000;

/**
 * How long a reader may do nothing. The database cleans nothing up that a snapshot sees, so nobody may hold one for ever.
 */
const IDLE_TIMEOUT_MS = 60_000;

/** Many reads that see the same state of the database, however long they take. */
export interface Snapshot {
  /** @throws {@link RequestError} with UNAVAILABLE if the database cannot be reached (any more) */
  rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Opens a snapshot on a connection of its own.
 *
 * @throws {@link RequestError} with UNAVAILABLE if the database cannot be reached
 */
export async function openSnapshot(url: string): Promise<Snapshot> {
  const socket = new Socket();
  const client = new DatabaseClient({
    connectionString: url,
    application_name: 'giro-snapshot',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: PAGE_TIMEOUT_MS,
    query_timeout: PAGE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
    keepAlive: true,
    stream: () => socket,
  });
  // A connection that is lost between two reads shows at the next one.
  client.on('error', () => undefined);
  const snapshot: Snapshot = {
    async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]) {
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } catch (error) {
        throw readError(error);
      }
    },
    async close() {
      const goodbye = setTimeout(() => socket.destroy(), END_TIMEOUT_MS);
      await client.end();
      clearTimeout(goodbye);
    },
  };
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
    return snapshot;
  } catch (error) {
    socket.destroy();
    throw readError(error);
  }
}
