import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import { diskFullError, EmbeddedPostgresError, errorCode, isDiskFull } from './error.js';
import { assertUserHasName, identityOf, type SystemUser } from './system-user.js';
import { toolEnvironment } from './tool-environment.js';

/** The one role of a new cluster, and the database made for it. */
export const roleName = 'giro';

const clusterName = 'postgres';
/** Names what is being made, or removed; cleared away by the next start. */
export const unfinishedPrefix = 'postgres.unfinished-';

/** How to make a cluster. */
export interface NewCluster {
  /** The directory that gets the cluster, as its subdirectory `postgres`. */
  readonly home: string;
  readonly binaries: Binaries;
  readonly user: SystemUser | undefined;
  readonly password: string;
  readonly signal: AbortSignal;
}

/**
 * Makes an empty cluster: UTF-8, locale C, one role with a password. It gets its name when it is whole, so
 * that a start cut off in the middle leaves nothing in the way of the next one.
 *
 * @returns the cluster's directory
 * @throws EmbeddedPostgresError `start-failed`, `disk-full`, `no-system-user`
 */
export async function createCluster({ home, binaries, user, password, signal }: NewCluster): Promise<string> {
  if (!user) assertUserHasName();
  await removeUnfinishedClusters(home);
  const unfinished = await mkdtemp(join(home, unfinishedPrefix));
  try {
    const passwordFile = join(unfinished, 'password');
    const madeDir = join(unfinished, clusterName);
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) for (const path of [passwordFile, unfinished]) await chown(path, user.uid, user.gid);
    const options = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions'];
    const args = [`--pgdata=${madeDir}`, `--username=${roleName}`, `--pwfile=${passwordFile}`, ...options];
    const context = { cwd: '/', env: toolEnvironment(), signal, ...identityOf(user) };
    await promisify(execFile)(binaries.initdb, args, context);
    await rename(madeDir, join(home, clusterName));
    await syncDirectory(home);
  } catch (error) {
    signal.throwIfAborted();
    throw creationError(home, error);
  } finally {
    await removeUnfinishedClusters(home);
  }
  return join(home, clusterName);
}

/**
 * Checks that the binaries can run an existing cluster.
 *
 * @throws EmbeddedPostgresError `wrong-version`, `data-missing`
 */
export async function checkCluster(clusterDir: string, { major }: Binaries): Promise<void> {
  const version = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    throw new EmbeddedPostgresError(
      'data-missing',
      `The directory ${clusterDir} holds no PostgreSQL data; restore it, or move it away to begin with an empty bank.`,
    );
  }
  if (version.trim() !== major) {
    throw new EmbeddedPostgresError(
      'wrong-version',
      `The data in ${clusterDir} was written by PostgreSQL ${version.trim()} and this is PostgreSQL ${major}; start the release of Giro that wrote it, and move the data with pg_dump or pg_upgrade.`,
    );
  }
}

/**
 * The password kept in `file`; made and kept if there is none yet.
 *
 * @param clusterExists - then the password must exist too, since the cluster knows no other
 * @throws EmbeddedPostgresError `data-missing`
 */
export async function openPassword(file: string, clusterExists: boolean): Promise<string> {
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  if (kept !== '') return kept;
  if (clusterExists) {
    throw new EmbeddedPostgresError(
      'data-missing',
      `The database's password is missing from ${file}; restore that file from a backup.`,
    );
  }
  const password = randomBytes(32).toString('base64url');
  await writeFile(`${file}.new`, password, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return password;
}

async function removeUnfinishedClusters(home: string): Promise<void> {
  const leftovers = (await readdir(home)).filter((name) => name.startsWith(unfinishedPrefix));
  // An initdb that was cut off may still write for a moment.
  const options = { recursive: true, force: true, maxRetries: 5 };
  await Promise.all(leftovers.map((name) => rm(join(home, name), options)));
}

async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function creationError(home: string, error: unknown): EmbeddedPostgresError {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const text = `${String(error)} ${stderr}`;
  if (isDiskFull(text)) return diskFullError(home, error);
  const said = stderr.split('\n').find((line) => /error|fatal/i.test(line)) ?? String(error);
  return new EmbeddedPostgresError(
    'start-failed',
    `A database could not be made in ${home}: ${said.trim()}`,
    { cause: error },
  );
}
