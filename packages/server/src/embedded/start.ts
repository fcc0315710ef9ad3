import { findBinaries, makeRunnable, type Binaries } from './binaries.js';
import { checkCluster, createCluster, openPassword } from './cluster.js';
import { findCluster, linkCluster, openDataDir, placeForCluster, type DataLayout } from './data-layout.js';
import { dataDirError, EmbeddedPostgresError } from './error.js';
import { lastWords, launch, readLog, type Launched, type RunnableCluster } from './launch.js';
import { stopLeftover } from './leftover.js';
import { acquireOwnerLock, type OwnerLock } from './owner-lock.js';
import { reachablePlace } from './reachable-place.js';
import { systemUserFor, type SystemUser } from './system-user.js';

/** A PostgreSQL of this process's own. It ends with this process, however that ends. */
export interface EmbeddedPostgres {
  /**
   * Connection string of the database `giro`, with its password, over a socket that only this system user can reach
   * (on Windows: 127.0.0.1). It is another one after each start.
   */
  readonly url: string;
  /** The data directory, absolute and without symbolic links. */
  readonly dataDir: string;
  /** Where the database's own files really lie: below `dataDir`, or where its link leads. */
  readonly clusterDir: string;
  /**
   * Stops PostgreSQL in order, closing whatever connections there are, and lets go of the data directory. Takes at
   * most a minute; a second call waits for the first.
   */
  stop(): Promise<void>;
  /**
   * Resolves once PostgreSQL is gone: with undefined after {@link EmbeddedPostgres.stop}, with an
   * {@link EmbeddedPostgresError} of reason `exited` if it ended by itself. Never rejects.
   */
  readonly exited: Promise<Error | undefined>;
}

/** Where messages go; a pino logger fits. */
export interface EmbeddedPostgresLogger {
  /** Hears where the data lies. */
  info(obj: object, msg: string): void;
  /** Hears of data that lies elsewhere, a PostgreSQL that was left running, and a stop that was not in order. */
  warn(obj: object, msg: string): void;
}

/** What {@link startEmbeddedPostgres} takes. */
export interface EmbeddedPostgresOptions {
  /**
   * The directory that holds the database, its password and PostgreSQL's log; made if need be. On a local file
   * system: one machine at a time.
   */
  readonly dataDir: string;
  /** Default: no messages. */
  readonly logger?: EmbeddedPostgresLogger;
  /** Milliseconds until PostgreSQL must take connections; recovery after a crash counts. Default 120000. */
  readonly startTimeoutMs?: number;
  /** Gives the start up; without effect once started. */
  readonly signal?: AbortSignal;
}

/** Replaying max_wal_size of log on a slow disk takes a minute or so; any failure shows long before. */
const defaultStartTimeoutMs = 120_000;

/**
 * Starts PostgreSQL on a data directory, which is made at the first start, and owns the directory until it is stopped.
 * Every acknowledged commit is on disk.
 *
 * As root, PostgreSQL runs as the user `postgres` or `nobody`. If that user cannot reach the data directory, the
 * database lies below `/var/lib/giro` (or `/var/tmp/giro`) and `<dataDir>/postgres` links to it; the log says so.
 *
 * @throws {@link EmbeddedPostgresError} when it cannot start; `signal.reason` when given up
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, startTimeoutMs = defaultStartTimeoutMs } = options;
  const deadline = AbortSignal.timeout(startTimeoutMs);
  const layout = await openDataDir(dataDir);
  const locks = [await acquireOwnerLock(layout.dataDir)];
  try {
    return await start(
      layout,
      locks,
      options,
      AbortSignal.any([deadline, ...(options.signal ? [options.signal] : [])]),
    );
  } catch (error) {
    await releaseAll(locks);
    options.signal?.throwIfAborted();
    if (!deadline.aborted) throw dataDirError(layout.dataDir, error);
    throw new EmbeddedPostgresError(
      'start-failed',
      `PostgreSQL was not ready after ${String(startTimeoutMs)} ms; look into ${layout.logFile}, or allow more time.`,
      { cause: error },
    );
  }
}

/** @param locks - gets those added that are taken on the way */
async function start(
  layout: DataLayout,
  locks: OwnerLock[],
  { logger = silent }: EmbeddedPostgresOptions,
  signal: AbortSignal,
): Promise<EmbeddedPostgres> {
  const { dataDir, logFile } = layout;
  const user = await systemUserFor(layout.clusterLink);
  const binaries = await makeRunnable(await findBinaries(), user, async () =>
    user ? reachablePlace(user) : dataDir,
  );
  const { clusterDir, password } = await openCluster(layout, binaries, user, signal);
  if (clusterDir === layout.clusterLink) {
    logger.info({ dataDir }, `The data lies in ${dataDir}`);
  } else {
    // Another data directory, a copy of this one say, can link to the same place.
    locks.push(await acquireOwnerLock(clusterDir));
    logger.warn(
      { dataDir, clusterDir, user: user?.name },
      `The data really lies in ${clusterDir}, because PostgreSQL runs as ${user?.name ?? 'this user'} and that is where ${layout.clusterLink} points`,
    );
  }
  const cluster = { clusterDir, logFile, password, binaries, user };
  const launched = await launch(cluster, signal, (pid) => {
    logger.warn(
      { pid, dataDir },
      'Stopped the PostgreSQL that an earlier owner of the data directory left running',
    );
  });
  return supervise(dataDir, cluster, launched, locks, logger);
}

async function openCluster(
  layout: DataLayout,
  binaries: Binaries,
  user: SystemUser | undefined,
  signal: AbortSignal,
): Promise<{ clusterDir: string; password: string }> {
  await linkCluster(layout);
  const existing = await findCluster(layout, user);
  const password = await openPassword(layout.passwordFile, existing !== undefined);
  if (existing !== undefined) {
    await checkCluster(existing, binaries);
    return { clusterDir: existing, password };
  }
  const home = await placeForCluster(layout, user);
  const clusterDir = await createCluster({ home, binaries, user, password, signal });
  await linkCluster(layout);
  return { clusterDir, password };
}

function supervise(
  dataDir: string,
  { clusterDir, logFile, binaries }: RunnableCluster,
  { guardian, url, logOffset }: Launched,
  locks: readonly OwnerLock[],
  logger: EmbeddedPostgresLogger,
): EmbeddedPostgres {
  let stopping = false;
  const end = async (): Promise<Error | undefined> => {
    const status = await guardian.exited;
    // If something killed the guardian, PostgreSQL still runs.
    try {
      await stopLeftover(clusterDir, binaries.pgCtl);
    } finally {
      await releaseAll(locks);
    }
    if (stopping) {
      if (status !== 0)
        logger.warn({ status, dataDir }, 'PostgreSQL did not stop in order; its next start recovers');
      return undefined;
    }
    const words = lastWords(await readLog(logFile, logOffset).catch(() => ''));
    return new EmbeddedPostgresError(
      'exited',
      `PostgreSQL ended by itself (${String(status)}): ${words} (see ${logFile}).`,
    );
  };
  const exited = end().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return {
    url,
    dataDir,
    clusterDir,
    exited,
    stop: async () => {
      stopping = true;
      await guardian.stop();
      await exited;
    },
  };
}

const silent: EmbeddedPostgresLogger = { info: () => undefined, warn: () => undefined };

async function releaseAll(locks: readonly OwnerLock[]): Promise<void> {
  await Promise.all(locks.map((lock) => lock.release()));
}
