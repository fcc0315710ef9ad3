import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from './start-error.js';
import { DatabaseClient } from './store/database-client.js';
import { databaseTrouble, type DatabaseTrouble } from './store/database-trouble.js';
import { migrate, NewerSchemaError } from './store/migrate.js';

/** How long to wait for the database to take a connection. */
const CONNECT_TIMEOUT_MS = 5_000;

/** How long one statement may take, the wait for another server that migrates included. */
const STATEMENT_TIMEOUT_MS = 120_000;

/** First wait between two tries; it doubles, five times at most: a database that comes is found within seconds. */
const RETRY_BASE_MS = 200;

/** How to wait for a database that is not there yet. */
export interface DatabaseWait {
  /**
   * How long at most; 0 not at all.
   *
   * @defaultValue 0
   */
  readonly waitMs?: number | undefined;
  /** Hears of each reason to wait, once. */
  readonly log?: {
    warn(details: object, message: string): void;
    info(message: string): void;
  };
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings the schema of a database up to date. Waits for one that is starting, failing over, full or out of reach; what
 * waiting does not cure, such as a wrong password, fails at once.
 *
 * @throws {@link StartError} if it cannot be used or belongs to a later version of Giro; `signal.reason` when given up
 */
export async function prepareDatabase(url: string, options: DatabaseWait = {}): Promise<void> {
  const { waitMs = 0, log, signal } = options;
  const giveUpAtMs = performance.now() + waitMs;
  let reason = '';
  for (let tries = 0; ; tries++) {
    const socket = new Socket();
    const client = clientFor(url, socket);
    const trouble = await unlessGivenUp(() => tryToPrepare(client), socket, signal);
    if (trouble === undefined) break;
    signal?.throwIfAborted();
    if (!trouble.passing || performance.now() >= giveUpAtMs) throw cannotBeUsed(client, trouble);
    if (trouble.reason !== reason) {
      reason = trouble.reason;
      log?.warn({ database: client.place, reason, waitMs }, `waiting for the database: ${reason}`);
    }
    const pauseMs = RETRY_BASE_MS * 2 ** Math.min(tries, 5) * (0.5 + Math.random() / 2);
    const leftMs = Math.max(giveUpAtMs - performance.now(), 0);
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  if (reason !== '') log?.info('the database is there');
}

/** @returns why it failed; undefined if all is well */
async function tryToPrepare(client: DatabaseClient) {
  // A lost connection also fails the statement under way, which is where it is handled.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await migrate(client);
    return undefined;
  } catch (error) {
    if (error instanceof NewerSchemaError) throw new StartError(error.message, { cause: error });
    return databaseTrouble(error);
  } finally {
    await client.end();
  }
}

/** Breaks the connection when the work on it is given up, which then fails. */
async function unlessGivenUp<Result>(
  work: () => Promise<Result>,
  socket: Socket,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const giveUp = () => socket.destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

function cannotBeUsed({ place }: DatabaseClient, { reason, passing }: DatabaseTrouble): StartError {
  const cure = passing ? 'start it' : 'set it up';
  return new StartError(
    `the database at ${place} cannot be used: ${reason}; ${cure}, or correct DATABASE_URL`,
  );
}

/** @throws {@link StartError} for a URL that can be none */
function clientFor(url: string, socket: Socket): DatabaseClient {
  try {
    if (!/^postgres(ql)?:/.test(url)) throw new Error('it is no PostgreSQL URL');
    return new DatabaseClient({
      connectionString: url,
      application_name: 'giro-migrate',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      stream: () => socket,
    });
  } catch (error) {
    // Without the cause, which may quote the URL and so the password in it.
    throw new StartError(
      `DATABASE_URL cannot be used: ${error instanceof Error ? error.message : String(error)}; ` +
        'write it like postgresql://user:password@host:5432/database',
    );
  }
}
