import { DatabaseError, Pool, type QueryResultRow } from 'pg';
import { RequestError } from '../request-error.js';

/** Connections for reads; PostgreSQL gains nothing from more of them than a few per core. */
const READ_CONNECTIONS_MAX = 10;

/** How long a read may wait for a connection, and then for its rows. */
const READ_TIMEOUT_MS = 5_000;

/** The read side of the database: each read is one statement, and so one snapshot (R12). */
export interface Database {
  /** @throws {@link RequestError} with UNAVAILABLE if the database cannot be reached */
  rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** Opens the read side. @param url - of the primary: a standby may lag behind what was acknowledged */
export function openDatabase(url: string, onError: (error: Error) => void): Database {
  const pool = new Pool({
    connectionString: url,
    application_name: 'giro-reads',
    max: READ_CONNECTIONS_MAX,
    connectionTimeoutMillis: READ_TIMEOUT_MS,
    statement_timeout: READ_TIMEOUT_MS,
    query_timeout: READ_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', onError);
  return {
    async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
      try {
        const { rows } = await pool.query<Row>(text, [...values]);
        return rows;
      } catch (error) {
        throw readError(error);
      }
    },
    close: () => pool.end(),
  };
}

function readError(error: unknown): RequestError {
  return error instanceof DatabaseError && !NOT_TO_BE_HAD.test(error.code ?? '')
    ? new RequestError('INTERNAL', 'the read failed', error)
    : new RequestError('UNAVAILABLE', 'the database cannot be reached', error);
}

/** Connection exceptions, resources that have run out, operator intervention. */
const NOT_TO_BE_HAD = /^(08|53|57)/;
