import { connect, type Connection } from './connection.js';

/**
 * How long one commit may take before its connection is held for dead. A standby that does not confirm keeps it waiting
 * as well; a new connection then waits in its place, never beside it.
 */
const COMMIT_TIMEOUT_MS = 10_000;

/** The code of a notice that is nothing but a notice. */
const SUCCESSFUL_COMPLETION = '00000';

/**
 * Makes reads wait for synchronous standbys. A session that is ended while its commit waits for a standby leaves its rows
 * visible: a read that shows them, and a failover that loses them, would be an acknowledgement taken back (R11, R12). A
 * commit of one's own that begins after the read and is confirmed proves that what was read is safe too.
 */
export class ReadBarrier {
  readonly #url: string;
  #session: Session | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Resolves once a commit that begins after this call is confirmed. All that call meanwhile share it. */
  pass(): Promise<void> {
    // The commit under way may have begun before the caller's read ended; the one after it has not.
    this.#next ??= this.#follow(this.#running);
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#session?.connection.end();
    this.#session = undefined;
  }

  async #follow(running: Promise<void> | undefined): Promise<void> {
    await running?.catch(() => undefined);
    this.#running = this.#next;
    this.#next = undefined;
    try {
      await this.#commit();
    } finally {
      this.#running = undefined;
    }
  }

  async #commit(): Promise<void> {
    if (this.#session?.connection.alive !== true) this.#session = await openSession(this.#url, this.#session);
    const { connection } = this.#session;
    const { client } = connection;
    const warnings: string[] = [];
    const warned = ({ code, message }: { code?: string | undefined; message?: string | undefined }) => {
      if (code !== SUCCESSFUL_COMPLETION) warnings.push(message ?? 'warning');
    };
    const timer = setTimeout(() => {
      connection.destroy();
    }, COMMIT_TIMEOUT_MS);
    client.on('notice', warned);
    try {
      // An empty commit, or one with nothing but a transaction id, does not wait.
      await client.query(`select pg_logical_emit_message(true, 'giro', '')`);
    } finally {
      clearTimeout(timer);
      client.off('notice', warned);
    }
    if (warnings.length > 0) throw new Error(warnings.join('; '));
  }
}

/** A connection, and what tells its session in the database from any other. */
interface Session {
  readonly connection: Connection;
  readonly pid: number;
  readonly startedAt: string;
}

/** @param previous - ended in the database too, where it may still wait: else each lost connection would leave one */
async function openSession(url: string, previous: Session | undefined): Promise<Session> {
  const connection = await connect(url);
  const { client } = connection;
  const timer = setTimeout(() => {
    connection.destroy();
  }, COMMIT_TIMEOUT_MS);
  try {
    const { rows } = await client.query<{ pid: number; started_at: string }>(OWN_SESSION);
    const [own] = rows;
    if (own === undefined) throw new Error('the session does not find itself');
    if (previous !== undefined) await client.query(END_SESSION, [previous.pid, previous.startedAt]);
    return { connection, pid: own.pid, startedAt: own.started_at };
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const OWN_SESSION = `
  select pid, backend_start::text as started_at from pg_stat_activity where pid = pg_backend_pid()`;

const END_SESSION = `
  select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start::text = $2`;
