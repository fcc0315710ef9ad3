import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { roleName } from './cluster.js';
import { diskFullError, EmbeddedPostgresError, isDiskFull } from './error.js';
import { startGuardian, type GuardianProcess } from './guardian-process.js';
import { stopLeftover } from './leftover.js';
import { makePrivateDir } from './private-dir.js';
import { prepareDatabase } from './ready.js';
import { chooseEndpoint, connectionUrl, postgresArgs } from './settings.js';
import { identityOf, type SystemUser } from './system-user.js';

/** An existing cluster, and what it takes to run it. */
export interface RunnableCluster {
  readonly clusterDir: string;
  readonly logFile: string;
  readonly password: string;
  readonly binaries: Binaries;
  readonly user: SystemUser | undefined;
}

export interface Launched {
  readonly guardian: GuardianProcess;
  /** Connection string of the database. */
  readonly url: string;
  /** Where PostgreSQL's log had got to before this launch, in bytes. */
  readonly logOffset: number;
}

const databaseName = 'giro';

/**
 * Runs PostgreSQL on a cluster and waits until it takes connections. What is left of an earlier owner's PostgreSQL is
 * stopped first, and again for as long as one turns up that had only just been started.
 *
 * @param onLeftover - told the process id of each that was stopped
 * @throws EmbeddedPostgresError `start-failed`, `disk-full`
 */
export async function launch(
  cluster: RunnableCluster,
  signal: AbortSignal,
  onLeftover: (pid: number) => void,
): Promise<Launched> {
  for (;;) {
    signal.throwIfAborted();
    const leftover = await stopLeftover(cluster.clusterDir, cluster.binaries.pgCtl);
    if (leftover !== undefined) onLeftover(leftover);
    const logOffset = await sizeOf(cluster.logFile);
    const launched = await tryLaunch(cluster, logOffset, signal);
    if (launched) return launched;
    const log = await readLog(cluster.logFile, logOffset);
    if (!anotherIsThere.test(log)) throw launchError(cluster, log);
    await sleep(retryPauseMs, undefined, { signal });
  }
}

/** The last that PostgreSQL wrote about what made it end, or what there is instead. */
export function lastWords(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.findLast((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.at(-1);
  return fatal?.replace(/^.*?\b(FATAL|PANIC|ERROR|LOG): +/, '').trim() ?? 'it left no word in its log';
}

/** The part of the log from `offset` on; the last of it if that is long. */
export async function readLog(file: string, offset: number): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const start = Math.max(offset > size ? 0 : offset, size - logTailBytesMax);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await handle.close();
  }
}

const retryPauseMs = 100;
const logTailBytesMax = 64 * 1024;
/** What PostgreSQL says when another postmaster, or a backend that outlived one, is still on the same cluster. */
const anotherIsThere = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;

/** @returns undefined if PostgreSQL ended before it was ready */
async function tryLaunch(
  { clusterDir, logFile, password, binaries, user }: RunnableCluster,
  logOffset: number,
  signal: AbortSignal,
): Promise<Launched | undefined> {
  const socketDir = await makePrivateDir(user);
  const gone = new AbortController();
  let guardian: GuardianProcess | undefined;
  try {
    const endpoint = await chooseEndpoint(socketDir);
    const urlOf = (database: string) => connectionUrl(endpoint, roleName, password, database);
    const args = postgresArgs(clusterDir, endpoint);
    const { postgres, pgCtl } = binaries;
    guardian = await startGuardian(
      { postgres, pgCtl, args, identity: identityOf(user), clusterDir, logFile, socketDir },
      signal,
    );
    void guardian.exited.then(() => {
      gone.abort();
    });
    await prepareDatabase(urlOf('postgres'), databaseName, AbortSignal.any([signal, gone.signal]));
    return { guardian, url: urlOf(databaseName), logOffset };
  } catch (error) {
    await guardian?.stop();
    await rm(socketDir, { recursive: true, force: true });
    signal.throwIfAborted();
    if (gone.signal.aborted) return undefined;
    throw unusableError(logFile, error);
  }
}

function launchError({ clusterDir, logFile }: RunnableCluster, log: string): EmbeddedPostgresError {
  if (isDiskFull(log)) return diskFullError(clusterDir);
  return new EmbeddedPostgresError(
    'start-failed',
    `PostgreSQL did not start: ${lastWords(log)} (see ${logFile}).`,
  );
}

function unusableError(logFile: string, error: unknown): Error {
  if (error instanceof EmbeddedPostgresError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new EmbeddedPostgresError(
    'start-failed',
    `PostgreSQL runs but cannot be used: ${text} (see ${logFile}).`,
    {
      cause: error,
    },
  );
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
