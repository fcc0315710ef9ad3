import { existsSync } from 'node:fs';
import { access, chmod, constants, lstat, mkdir, mkdtemp } from 'node:fs/promises';
import { readdir, readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataDirError, EmbeddedPostgresError, errorCode } from './error.js';
import { isTrusted, reachablePlace } from './reachable-place.js';
import { canReach, type SystemUser } from './system-user.js';

/** A file that marks a directory as made for the data of one data directory, and names that one. */
const ownerNoteName = 'belongs-to';

/** What lies where below a data directory. */
export interface DataLayout {
  /** The data directory that the user named, without symbolic links. */
  readonly dataDir: string;
  /** The name of PostgreSQL's own files below it; a symbolic link to them where they lie elsewhere. */
  readonly clusterLink: string;
  /** What is to become `clusterLink`, while the files are being made elsewhere. */
  readonly unfinishedLink: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

/**
 * Makes the data directory if need be.
 *
 * @throws EmbeddedPostgresError `data-dir-not-writable`, `disk-full`
 */
export async function openDataDir(path: string): Promise<DataLayout> {
  try {
    await makeDirectories(path);
    const dataDir = await realpath(path);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return {
      dataDir,
      clusterLink: join(dataDir, 'postgres'),
      unfinishedLink: join(dataDir, 'postgres.link'),
      passwordFile: join(dataDir, 'password'),
      logFile: join(dataDir, 'postgres.log'),
    };
  } catch (error) {
    throw dataDirError(path, error);
  }
}

/**
 * The directory of an existing cluster, without symbolic links, or undefined if there is none yet.
 *
 * @throws EmbeddedPostgresError `data-missing`, `data-dir-unreachable`
 */
export async function findCluster(
  { clusterLink }: DataLayout,
  user: SystemUser | undefined,
): Promise<string | undefined> {
  const entry = await lstat(clusterLink).catch(() => undefined);
  if (!entry) return undefined;
  let clusterDir: string;
  try {
    clusterDir = await realpath(clusterLink);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'data-missing',
      `The data that ${clusterLink} points to (${await readlink(clusterLink)}) is gone; restore it, or remove the link to begin with an empty bank.`,
      { cause: error },
    );
  }
  if (entry.isSymbolicLink() && !(await isTrusted(clusterDir, user))) {
    throw new EmbeddedPostgresError(
      'data-dir-unreachable',
      `The data that ${clusterLink} points to (${clusterDir}) is owned or writable by somebody else; remove the link, or give the data back to ${user?.name ?? 'this user'}.`,
    );
  }
  if (!(await canReach(dirname(clusterDir), user))) {
    throw new EmbeddedPostgresError(
      'data-dir-unreachable',
      `The data in ${clusterDir} belongs to the user ${String(user?.name)}, which cannot reach it there any more; make the directories above it passable (chmod o+x), or start as that user.`,
    );
  }
  return clusterDir;
}

/**
 * The directory to make a new cluster in: the data directory, made passable if there is nothing else in it; or where
 * `user` still cannot get at that, a place of its own, with a new name for each data directory, since a path can come
 * to mean another one.
 *
 * @throws EmbeddedPostgresError `data-dir-unreachable`
 */
export async function placeForCluster(
  { dataDir, unfinishedLink }: DataLayout,
  user: SystemUser | undefined,
): Promise<string> {
  if (await canReach(dataDir, user)) return dataDir;
  if ((await canReach(dirname(dataDir), user)) && (await makePassable(dataDir))) return dataDir;
  const begun = dirname(await readlink(unfinishedLink).catch(() => ''));
  if ((await ownerOfPlace(begun)) === dataDir) return begun;
  const home = await mkdtemp(join(await reachablePlace(user), 'data-'));
  await chmod(home, 0o755);
  await writeFile(join(home, ownerNoteName), dataDir);
  await rm(unfinishedLink, { force: true });
  await symlink(join(home, 'postgres'), unfinishedLink);
  return home;
}

/** A directory made by `mktemp -d` for this very purpose has only its own mode in the way; all in it has one too. */
async function makePassable(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir);
  if (!names.every((name) => /^(password$|postgres\.|owner-)/.test(name))) return false;
  await chmod(dataDir, 0o711);
  return true;
}

/** The data directory that `home` was made for by {@link placeForCluster}; undefined if it was not. */
export async function ownerOfPlace(home: string): Promise<string | undefined> {
  try {
    return (await isTrusted(home, undefined)) ? await readFile(join(home, ownerNoteName), 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the data directory point to a cluster made elsewhere, as soon as that is whole, if need be after a crash. */
export async function linkCluster({ clusterLink, unfinishedLink }: DataLayout): Promise<void> {
  if (existsSync(unfinishedLink)) await rename(unfinishedLink, clusterLink);
}

/** Unlike the `recursive` option of `mkdir`, this ends below /proc, and keeps the error's own reason. */
async function makeDirectories(path: string): Promise<void> {
  if (existsSync(path)) return;
  if (dirname(path) !== path) await makeDirectories(dirname(path));
  await mkdir(path).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
}
