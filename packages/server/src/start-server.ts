import { isCurrency } from '@giro/sdk/protocol';
import type { Logger } from 'pino';
import { prepareDatabase } from './prepare-database.js';
import { serveBooks } from './serve-books.js';
import { StartError } from './start-error.js';
import { openDatabase } from './store/database.js';
import { postgresReads } from './store/postgres-reads.js';
import { PostgresStore } from './store/postgres-store.js';

/** What a branch server needs. */
export interface ServerOptions {
  /** PostgreSQL 15 or later; see startEmbeddedPostgres for one that comes with the package. */
  readonly databaseUrl: string;
  readonly log: Logger;
  /**
   * Where to listen. `0.0.0.0` for all interfaces.
   *
   * @defaultValue '127.0.0.1'
   */
  readonly host?: string;
  /**
   * 0 for any free port.
   *
   * @defaultValue 5001
   */
  readonly port?: number;
  /**
   * The currency of the seed's interface, ISO 4217.
   *
   * @defaultValue 'USD'
   */
  readonly currency?: string;
}

/** A branch server that takes calls. */
export interface GiroServer {
  readonly port: number;
  /** Stops in order: no new calls, those in flight answered, the last commit made, the database let go. Idempotent. */
  close(): Promise<void>;
}

/**
 * Brings the schema up to date and starts a branch server. Any number of servers may share a database: each can serve
 * any branch.
 *
 * @throws {@link StartError} if the database cannot be reached or is of a later version, or the port is taken
 */
export async function startServer(options: ServerOptions): Promise<GiroServer> {
  const { databaseUrl, log, host = '127.0.0.1', port = 5001, currency = 'USD' } = options;
  if (!isCurrency(currency))
    throw new StartError(`the currency '${currency}' is no ISO 4217 code such as USD`);
  await prepareDatabase(databaseUrl);
  const store = new PostgresStore(databaseUrl);
  const database = openDatabase(databaseUrl, (error) => {
    log.warn({ err: error }, 'an idle database connection was lost');
  });
  const close = async () => {
    await store.close();
    await database.close();
  };
  const books = { store, reads: postgresReads(database, databaseUrl), close };
  return serveBooks(books, { log, host, port, currency });
}
