import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './error.js';
import { canReach, type SystemUser } from './system-user.js';

/** A Unix socket's path holds 103 bytes on macOS and 107 on Linux; this leaves room for the names below it. */
const parentLengthMax = 60;

/**
 * Makes a directory with a short path, for `user` (default: this process's) and nobody else: the home of a socket
 * or of a passing secret.
 *
 * @throws EmbeddedPostgresError `start-failed`
 */
export async function makePrivateDir(user?: SystemUser): Promise<string> {
  const problems: string[] = [];
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    if (process.platform !== 'win32' && Buffer.byteLength(parent) > parentLengthMax) continue;
    try {
      const dir = await mkdtemp(join(parent, 'giro-pg-'));
      if (user) await chown(dir, user.uid, user.gid);
      if (await canReach(dir, user)) return dir;
      await rm(dir, { recursive: true });
      problems.push(`${parent}: out of reach for the user ${String(user?.name)}`);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new EmbeddedPostgresError(
    'start-failed',
    `No temporary directory can be used for PostgreSQL's socket (${problems.join('; ')}); set TMPDIR to a writable one with a short path.`,
  );
}
