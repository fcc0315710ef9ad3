import type { Logger } from 'pino';
import type { CommitObserver } from './commit/commit-observer.js';
import { CommitLanes } from './commit/commit-lanes.js';
import { QUEUE_COMMANDS_MAX } from './commit/committer.js';
import { startSweeper, sweep } from './expiry/sweeper.js';
import { startGrpcServer, type GrpcServerOptions } from './grpc/grpc-server.js';
import { startMetricsServer } from './metrics/metrics-server.js';
import type { ServerMetrics } from './metrics/server-metrics.js';
import { RequestError } from './request-error.js';
import { JournalVerifications } from './store/journal-verifications.js';
import type { NearestNodes } from './store/nearest-nodes.js';
import type { Reads } from './store/reads.js';
import type { Store } from './store/store.js';
import { JournalWatch } from './watch/journal-watch.js';

/** The two sides of where books are kept, and how to let go of it. */
export interface KeptBooks {
  readonly store: Store;
  readonly reads: Reads;
  /** Those of a database that may be spread over nodes. */
  readonly nodes?: NearestNodes;
  /** Hears of commits, and of those that failed. */
  readonly observer?: CommitObserver;
  /**
   * Resolves once the books can be used; until then calls are refused.
   *
   * @defaultValue they can be used at once
   * @throws if they never will be
   */
  ready?(): Promise<void>;
  /** Why they cannot be used now; undefined if they can. */
  trouble?(): string | undefined;
  /** Tells from now on when they can no longer be used, and when they can again. */
  watchUsable?(onChange: (usable: boolean) => void): void;
  close(): Promise<void>;
}

export interface ServeOptions extends GrpcServerOptions {
  readonly log: Logger;
  /** The currency of the seed's interface, ISO 4217. */
  readonly currency: string;
  /** What is counted; nothing if undefined. */
  readonly metrics?: ServerMetrics | undefined;
  /** Where to tell it, if anywhere; 0 for any free port. */
  readonly metricsPort?: number | undefined;
}

/** Books that are served. */
export interface ServedBooks {
  readonly port: number;
  readonly metricsPort: number | undefined;
  /** Settles the holds that have expired, without waiting for the next time that it is done anyway. */
  sweep(): Promise<void>;
  /**
   * Stops in order: no new calls, those in flight answered or cut off, the last commit made, the books let go.
   * Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Serves books by gRPC, wherever they are kept, and lets go of them at the end, or if it cannot begin.
 *
 * @throws StartError if it cannot listen there, or the books cannot be used
 */
export async function serveBooks(books: KeptBooks, options: ServeOptions): Promise<ServedBooks> {
  // What is there to be closed, in the order of the starts.
  const parts: Part[] = [books];
  const readiness: Readiness = { started: books.ready === undefined, stopping: false };
  try {
    const { port, metricsPort, sweep } = await serve(books, options, parts, readiness);
    let closing: Promise<void> | undefined;
    const close = async () => {
      options.log.info('draining');
      readiness.stopping = true;
      await closeAll(parts);
      options.log.info('stopped');
    };
    return { port, metricsPort, sweep, close: () => (closing ??= close()) };
  } catch (error) {
    await closeAll(parts);
    throw error;
  }
}

interface Part {
  close(): Promise<void>;
}

/** How far a server has come. */
interface Readiness {
  started: boolean;
  stopping: boolean;
}

/** @param parts - gets those added that are started */
async function serve(books: KeptBooks, options: ServeOptions, parts: Part[], readiness: Readiness) {
  const { store, reads, nodes } = books;
  const { log, currency, host, metrics } = options;
  const notReady = () => {
    if (!readiness.started) return WAITS;
    return readiness.stopping ? 'the server is shutting down' : books.trouble?.();
  };
  const watch = new JournalWatch(reads, log);
  const observer = observerOf(watch, [books.observer, metrics?.commits]);
  const committer = new CommitLanes({ store, nodes, log, observer });
  metrics?.watchServer({
    queuedCommands: () => committer.waiting,
    queuedCommandsMax: QUEUE_COMMANDS_MAX,
    commitLanes: () => committer.count,
    watches: () => watch.open,
    ready: () => notReady() === undefined,
  });
  const metricsPort = await startMetrics(options, notReady, parts);
  parts.push(committer);
  const verifications = new JournalVerifications(reads);
  const services = { committer, reads, watch, verifications, log, currency };
  const admit = () => {
    if (!readiness.started) throw new RequestError('UNAVAILABLE', WAITS);
  };
  const grpc = await startGrpcServer(services, { ...options, admit, onCall: metrics?.calls });
  parts.push(grpc);
  const { port } = grpc;
  if (!readiness.started) log.info({ host, port }, 'listening');
  await books.ready?.();
  readiness.started = true;
  books.watchUsable?.((isUsable) => {
    grpc.setServing(isUsable);
  });
  const sweeper = startSweeper(reads, committer, log);
  // To be closed before the committer, which would refuse what it finds.
  parts.splice(parts.indexOf(committer) + 1, 0, sweeper);
  grpc.setServing(true);
  log.info({ host, port }, 'serving');
  return {
    port,
    metricsPort,
    sweep: async () => {
      await sweep(reads, committer);
    },
  };
}

/** Closes what was started last first. */
async function closeAll(parts: readonly Part[]): Promise<void> {
  for (const part of [...parts].reverse()) await part.close();
}

const WAITS = 'the server waits for its database';

/** @returns the port */
async function startMetrics(
  { host, metrics, metricsPort, log }: ServeOptions,
  notReady: () => string | undefined,
  parts: Part[],
): Promise<number | undefined> {
  if (metrics === undefined || metricsPort === undefined) return undefined;
  const server = await startMetricsServer({ host, port: metricsPort, registry: metrics.registry, notReady });
  // To be closed last of all: who watches over a server wants to see it stop.
  parts.unshift(server);
  log.info({ host, port: server.port }, 'metrics are told');
  return server.port;
}

/** Tells watchers what was committed, and whoever else wants to know. */
function observerOf(watch: JournalWatch, others: readonly (CommitObserver | undefined)[]): CommitObserver {
  const told = others.filter((other) => other !== undefined);
  return {
    committed: (batch) => {
      if (batch.seals.length > 0) watch.nudge(batch.seals.map(({ branch }) => branch));
      for (const other of told) other.committed(batch);
    },
    attemptFailed: (error) => {
      for (const other of told) other.attemptFailed(error);
    },
    gaveUp: (error) => {
      for (const other of told) other.gaveUp(error);
    },
  };
}
