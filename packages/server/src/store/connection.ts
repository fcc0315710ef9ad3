import { Socket } from 'node:net';
import { Client } from 'pg';

/** How long to wait for the database to take a connection. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * What the commit path asks of its session. A server that stops between lock and commit must not keep its branches
 * locked; and the planner must not be tempted away from the primary keys while a table is still small.
 */
const LANE_SETTINGS = `
  set idle_in_transaction_session_timeout = '2s';
  set lock_timeout = '5s';
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
  /** Drops the connection without a word to the database: how to stop waiting for a commit without cancelling it. */
  destroy(): void;
}

/** Opens a connection for the commit path. */
export async function connect(url: string): Promise<Connection> {
  const socket = new Socket();
  const client = new Client({
    connectionString: url,
    application_name: 'giro',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    pipeline: true,
    stream: () => socket,
  });
  const state = { alive: true };
  const lost = () => {
    state.alive = false;
  };
  client.on('error', lost);
  client.on('end', lost);
  await client.connect();
  await client.query(LANE_SETTINGS);
  return {
    client,
    get alive() {
      return state.alive;
    },
    destroy() {
      state.alive = false;
      socket.destroy();
    },
  };
}
