import { DatabaseError, Pool, type QueryResultRow } from 'pg';
import { RequestError } from '../request-error.js';
import { DatabaseClient } from './database-client.js';
import { ReadBarrier } from './read-barrier.js';
import { statementName } from './statement-name.js';

/** Connections for reads; PostgreSQL gains nothing from more of them than a few per core. */
const READ_CONNECTIONS_MAX = 10;

/** How long a read may wait for a connection, then for its rows, and then for the standbys. */
const READ_TIMEOUT_MS = 5_000;

/** How old the answer may be to whether standbys must confirm: an operator changes that while the bank is open. */
const STANDBY_CHECK_INTERVAL_MS = 1_000;

/** Connections for reads. */
export interface ConnectionCounts {
  readonly open: number;
  readonly idle: number;
  /** Reads that wait for a connection. */
  readonly waiting: number;
}

/** The read side of the database: each read is one statement, and so one snapshot (R12). */
export interface Database {
  /**
   * Rows that no failover takes back: where synchronous standbys are configured, they have confirmed what is read.
   *
   * @throws {@link RequestError} with UNAVAILABLE if the database cannot be reached, or its standbys do not confirm
   */
  rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /** Rows that nobody waited for: never to be shown, but good to see that something is new. */
  glance<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /** What its connections do. */
  connections(): ConnectionCounts;
  close(): Promise<void>;
}

/**
 * Opens the read side.
 *
 * @param url - of the primary, or of several hosts of which one is: a standby may lag behind what was acknowledged
 * @param onLost - hears of each idle connection that was lost; must not throw
 * @param onConnect - hears of each that was opened; must not throw
 */
export function openDatabase(
  url: string,
  onLost: (error: Error) => void,
  onConnect: () => void = () => undefined,
): Database {
  const pool = new Pool({
    Client: DatabaseClient,
    connectionString: url,
    application_name: 'giro-reads',
    max: READ_CONNECTIONS_MAX,
    connectionTimeoutMillis: READ_TIMEOUT_MS,
    statement_timeout: READ_TIMEOUT_MS,
    query_timeout: READ_TIMEOUT_MS,
    keepAlive: true,
    // Compiling a plan takes longer than any of these reads.
    options: '-c jit=off',
  });
  pool.on('error', (error) => {
    // With it comes the connection, which knows the text of every statement, and more that is nothing for a log.
    Reflect.deleteProperty(error, 'client');
    onLost(error);
  });
  pool.on('connect', onConnect);
  const barrier = new ReadBarrier(url);
  const glance = async <Row extends QueryResultRow>(text: string, values: readonly unknown[]) => {
    try {
      return await prepared<Row>(pool, text, [...values]);
    } catch (error) {
      throw readError(error);
    }
  };
  const standbysConfirm = nowAndThen(STANDBY_CHECK_INTERVAL_MS, async () => {
    const [row] = await glance<{ confirm: boolean }>(STANDBYS_CONFIRM, []);
    return row?.confirm === true;
  });
  return {
    glance,
    async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]) {
      const [rows, waits] = await Promise.all([glance<Row>(text, values), standbysConfirm()]);
      if (waits) await passed(barrier);
      return rows;
    },
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      await Promise.all([pool.end(), barrier.close()]);
    },
  };
}

/** Statements are planned once for each session: planning a statement's page takes longer than reading it. */
async function prepared<Row extends QueryResultRow>(
  pool: Pool,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  try {
    const name = statementName('read', text);
    return (await pool.query<Row>({ name, text, values })).rows;
  } catch (error) {
    // A newer server has changed a table meanwhile, and the session cannot take the statement up again.
    if (!(error instanceof DatabaseError) || error.code !== PLAN_OUTDATED) throw error;
    return (await pool.query<Row>(text, values)).rows;
  }
}

/** Feature not supported: "cached plan must not change result type". */
const PLAN_OUTDATED = '0A000';

const STANDBYS_CONFIRM = `select current_setting('synchronous_standby_names') <> '' as confirm`;

async function passed(barrier: ReadBarrier): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const problem = `no standby confirmed it within ${READ_TIMEOUT_MS / 1_000} s`;
    timer = setTimeout(reject, READ_TIMEOUT_MS, new Error(problem));
  });
  try {
    await Promise.race([barrier.pass(), late]);
  } catch (error) {
    throw new RequestError('UNAVAILABLE', 'what was read is not confirmed by the standbys', error);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again only if the last answer is older than `intervalMs`, or there was none. */
function nowAndThen<Answer>(intervalMs: number, ask: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<Answer> | undefined;
  let askAgainMs = 0;
  return () => {
    if (last !== undefined && performance.now() < askAgainMs) return last;
    askAgainMs = performance.now() + intervalMs;
    const asked = ask();
    last = asked;
    asked.catch(() => {
      if (last === asked) last = undefined;
    });
    return asked;
  };
}

/** What a reader is told when the database does not answer as it should. */
export function readError(error: unknown): RequestError {
  return error instanceof DatabaseError && !NOT_TO_BE_HAD.test(error.code ?? '')
    ? new RequestError('INTERNAL', 'the read failed', error)
    : new RequestError('UNAVAILABLE', 'the database cannot be reached', error);
}

/** Connection exceptions, resources that have run out, operator intervention. */
const NOT_TO_BE_HAD = /^(08|53|57)/;
