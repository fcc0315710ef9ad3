import { Socket } from 'node:net';
import type { Client } from 'pg';
import { DatabaseClient } from './database-client.js';
import { traceStatements } from './trace-statements.js';

/** How long the database may take to let a connection in and take its settings. */
const CONNECT_TIMEOUT_MS = 5_000;

/** How long the database may take to say goodbye; it knows how to do without. */
const END_TIMEOUT_MS = 1_000;

/**
 * What the commit path asks of its session. A server that stops between lock and commit must not keep its branches
 * locked, nor one whose machine is gone while rows are on their way to it; a commit is answered when it is durable, also where other programs are content with less (R11); and the
 * planner must not be tempted away from the primary keys while a table is still small.
 */
const LANE_SETTINGS = `
  set idle_in_transaction_session_timeout = '2s';
  set lock_timeout = '5s';
  set tcp_user_timeout = '10s';
  select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') in ('off', 'local');
  set plan_cache_mode = force_generic_plan;
  set enable_seqscan = off;
  set enable_hashjoin = off;
  set enable_mergejoin = off;
`;

/** A connection of its own for the commit path: its statements are pipelined, and it can be cut off at any moment. */
export interface Connection {
  readonly client: Client;
  /** False once the connection is lost. */
  readonly alive: boolean;
  /** What is sent while `send` runs goes out together: each statement by itself would be some system calls, and wake the database. */
  readonly together: <T>(send: () => T) => T;
  /** Drops the connection without a word to the database: how to stop waiting for a commit without cancelling it. */
  destroy(): void;
  /** Ends the session in order, as long as that does not take long. */
  end(): Promise<void>;
}

/** Opens a connection for the commit path. */
export async function connect(url: string): Promise<Connection> {
  const socket = new Socket();
  const client = new DatabaseClient({
    connectionString: url,
    application_name: 'giro',
    keepAlive: true,
    pipeline: true,
    stream: () => socket,
  });
  const state = { alive: true };
  const lost = () => {
    state.alive = false;
  };
  const destroy = () => {
    lost();
    socket.destroy();
  };
  client.on('error', lost);
  client.on('end', lost);
  const timer = setTimeout(destroy, CONNECT_TIMEOUT_MS);
  try {
    await client.connect();
    await client.query(LANE_SETTINGS);
    traceStatements(client);
  } catch (error) {
    destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    client,
    get alive() {
      return state.alive;
    },
    together(send) {
      socket.cork();
      try {
        return send();
      } finally {
        socket.uncork();
      }
    },
    destroy,
    async end() {
      const goodbye = setTimeout(destroy, END_TIMEOUT_MS);
      await client.end();
      clearTimeout(goodbye);
    },
  };
}
