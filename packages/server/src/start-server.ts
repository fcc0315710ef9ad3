import { isCurrency } from '@giro/sdk/protocol';
import type { Logger } from 'pino';
import { SelfAudit } from './audit/self-audit.js';
import { NO_OBSERVER } from './commit/commit-observer.js';
import type { KnownTokens } from './grpc/bearer-token.js';
import type { ServerTls } from './grpc/tls.js';
import { DatabaseHealth } from './health/database-health.js';
import { ServerMetrics } from './metrics/server-metrics.js';
import { prepareDatabase } from './prepare-database.js';
import { serveBooks, type KeptBooks } from './serve-books.js';
import { StartError } from './start-error.js';
import { openDatabase } from './store/database.js';
import { NearestNodes } from './store/nearest-nodes.js';
import { postgresReads } from './store/postgres-reads.js';
import { PostgresStore } from './store/postgres-store.js';
import { probeWrites } from './store/probe-writes.js';
import { isDatabaseFailure } from './store/store.js';

/** What a branch server needs. */
export interface ServerOptions {
  /**
   * PostgreSQL 15 or later; the URL may name several hosts, of which the primary is found. See startEmbeddedPostgres for
   * one that comes with the package.
   */
  readonly databaseUrl: string;
  /** Gets one line for each call, and those of start and stop; none has names, account numbers or amounts. */
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
  /**
   * Speaks TLS with this certificate.
   *
   * @defaultValue plaintext
   */
  readonly tls?: ServerTls | undefined;
  /**
   * Gives the bearer tokens of which every call needs one, health checks and reflection aside. It is asked at each call, so
   * that tokens can be replaced while the server runs.
   *
   * @defaultValue calls need none
   */
  readonly tokens?: KnownTokens | undefined;
  /**
   * How long to wait at start for a database that is not there yet, in milliseconds. Meanwhile the server listens, is not
   * ready, and answers UNAVAILABLE.
   *
   * @defaultValue 0
   */
  readonly databaseWaitMs?: number;
  /**
   * Where to answer `GET /metrics`, `/livez` and `/readyz` by HTTP; 0 for any free port.
   *
   * @defaultValue nowhere
   */
  readonly metricsPort?: number | undefined;
  /** Gives the start up; without effect once started. */
  readonly signal?: AbortSignal;
}

/** A branch server that takes calls. */
export interface GiroServer {
  /** Where gRPC is served: as asked for, or the free one that was taken. */
  readonly port: number;
  /** Where it tells of itself, if it was to. */
  readonly metricsPort: number | undefined;
  /** Stops in order: no new calls, those in flight answered, the last commit made, the database let go. Idempotent. */
  close(): Promise<void>;
}

/**
 * Brings the schema up to date and starts a branch server. Any number of servers may share a database: each can serve
 * any branch.
 *
 * @throws {@link StartError} if the database cannot be reached in time or is of a later version, or the port is taken;
 *   `signal.reason` when given up
 */
export async function startServer(options: ServerOptions): Promise<GiroServer> {
  const { log, host = '127.0.0.1', port = 5001, currency = 'USD', tls, tokens } = options;
  if (!isCurrency(currency))
    throw new StartError(`the currency '${currency}' is no ISO 4217 code such as USD`);
  if (tokens !== undefined && tls === undefined) {
    log.warn('tokens come in plaintext: everybody on the way can read them');
  }
  const { metricsPort } = options;
  const metrics = metricsPort === undefined ? undefined : new ServerMetrics();
  return serveBooks(booksIn(options, metrics), {
    log,
    host,
    port,
    currency,
    metricsPort,
    metrics,
    tls,
    tokens,
  });
}

/** The books in a database, with someone who looks after it. */
function booksIn(
  { databaseUrl, databaseWaitMs, log, signal }: ServerOptions,
  metrics: ServerMetrics | undefined,
): KeptBooks {
  const onConnect = () => metrics?.connected('commits');
  const store = new PostgresStore(databaseUrl, onConnect);
  const lost = (error: Error) => {
    log.warn({ err: error }, 'an idle database connection was lost');
    metrics?.connectionLost();
  };
  const database = openDatabase(databaseUrl, lost, () => metrics?.connected('reads'));
  const nodes = new NearestNodes({ database, url: databaseUrl, onConnect, log });
  metrics?.watchConnections(() => database.connections());
  const audit = new SelfAudit({ database, log });
  metrics?.watchAudit(() => audit.state);
  const health = new DatabaseHealth({ database, probeWrites: () => probeWrites(databaseUrl), log });
  return {
    store,
    reads: postgresReads(database, databaseUrl),
    nodes,
    observer: {
      ...NO_OBSERVER,
      gaveUp: (error) => {
        if (isDatabaseFailure(error)) health.noteTrouble(error);
      },
    },
    ready: async () => {
      await prepareDatabase(databaseUrl, { waitMs: databaseWaitMs, log, signal });
      nodes.start();
    },
    trouble: () => health.trouble,
    watchUsable: (onChange) => {
      health.start(onChange);
      audit.start();
    },
    close: async () => {
      await Promise.all([health.close(), audit.close(), nodes.close()]);
      await store.close();
      await database.close();
    },
  };
}
