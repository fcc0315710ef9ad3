import { chmod, lstat, mkdir } from 'node:fs/promises';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { canReach, type SystemUser } from './system-user.js';

/**
 * Best first. What is left in /var/tmp for a month may be cleaned away by the system, /var/lib is kept; but it can be
 * read-only.
 */
const standardPlaces = ['/var/lib/giro', '/var/tmp/giro'];

/**
 * A directory of root's that `user` can get at, for a process that runs as root with its program or its data where
 * only root can: below /root, or below a directory of `mktemp -d`. Made if need be. Places that anybody else
 * owns or may write to are passed over.
 *
 * @throws EmbeddedPostgresError `data-dir-unreachable`
 */
export async function reachablePlace(
  user: SystemUser | undefined,
  places: readonly string[] = standardPlaces,
): Promise<string> {
  const problems: string[] = [];
  for (const place of places) {
    const problem = await problemWith(place, user);
    if (problem === undefined) return place;
    problems.push(`${place}: ${problem}`);
  }
  throw new EmbeddedPostgresError(
    'data-dir-unreachable',
    `PostgreSQL runs as the user ${String(user?.name)}, which needs a directory that it can reach, and none will do (${problems.join('; ')}); use a data directory and an installation outside of private directories, or start as an ordinary user.`,
  );
}

/** Whether only root, and the user that PostgreSQL runs as, can change what lies in `dir`. */
export async function isTrusted(dir: string, user: SystemUser | undefined): Promise<boolean> {
  const { uid, mode } = await lstat(dir);
  return (uid === process.geteuid?.() || uid === user?.uid) && (mode & 0o022) === 0;
}

async function problemWith(place: string, user: SystemUser | undefined): Promise<string | undefined> {
  try {
    await mkdir(place);
    await chmod(place, 0o755);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return error instanceof Error ? error.message : String(error);
  }
  if (!(await lstat(place)).isDirectory()) return 'not a directory';
  if (!(await isTrusted(place, undefined))) return 'owned or writable by somebody else';
  if (!(await canReach(place, user))) return 'out of reach as well';
  return undefined;
}
