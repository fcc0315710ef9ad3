import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './error.js';

/** A user of this system other than root. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The user made for PostgreSQL where there is one, else the one that every Unix has. */
const preferredUsers = ['postgres', 'nobody'];

/**
 * The user that PostgreSQL has to run as because it refuses to run as root, or undefined when this process is
 * not root and PostgreSQL simply runs as the same user.
 *
 * @param clusterDir - an existing cluster belongs to the user that made it and keeps that user
 * @throws EmbeddedPostgresError `no-system-user`
 */
export async function systemUserFor(
  clusterDir: string,
  candidates: readonly string[] = preferredUsers,
): Promise<SystemUser | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const ownerUid = await ownerOf(clusterDir);
  if (ownerUid === 0) {
    throw new EmbeddedPostgresError(
      'no-system-user',
      `The data in ${clusterDir} belongs to root, as which PostgreSQL refuses to run; give it to another user: chown -R postgres ${clusterDir}`,
    );
  }
  for (const candidate of ownerUid === undefined ? candidates : [String(ownerUid)]) {
    const user = await lookUp(candidate);
    if (!user) continue;
    await assertCanSwitchTo(user);
    return user;
  }
  throw new EmbeddedPostgresError(
    'no-system-user',
    ownerUid === undefined
      ? `PostgreSQL refuses to run as root, and this system has no user ${candidates.join(' or ')}; add one, or start as an ordinary user.`
      : `The data in ${clusterDir} belongs to user id ${String(ownerUid)}, which has no name here; add a line for it to /etc/passwd.`,
  );
}

/**
 * initdb looks the current user up by name.
 *
 * @throws EmbeddedPostgresError `no-system-user`
 */
export function assertUserHasName(): void {
  try {
    userInfo();
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no-system-user',
      `The user id ${String(process.geteuid?.())} has no name here, and PostgreSQL wants one; add a line for it to /etc/passwd.`,
      { cause: error },
    );
  }
}

/** The options of `child_process` that run a child as `user`. */
export function identityOf(user: SystemUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** Whether `user` can enter `dir`; asked of the kernel, since modes alone do not tell (ACLs, mounts). */
export async function canReach(dir: string, user: SystemUser | undefined): Promise<boolean> {
  if (!user) return true;
  return run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { cwd: '/', ...identityOf(user) }).then(
    () => true,
    () => false,
  );
}

async function assertCanSwitchTo(user: SystemUser): Promise<void> {
  try {
    await run('/bin/sh', ['-c', ':'], { cwd: '/', ...identityOf(user) });
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no-system-user',
      `This process is root but cannot run a program as the user ${user.name}, as which PostgreSQL would run; start it as an ordinary user.`,
      { cause: error },
    );
  }
}

const run = promisify(execFile);

async function ownerOf(dir: string): Promise<number | undefined> {
  try {
    return (await stat(dir)).uid;
  } catch {
    return undefined;
  }
}

async function lookUp(nameOrUid: string): Promise<SystemUser | undefined> {
  try {
    const ask = async (flag: string) => (await run('id', [flag, '--', nameOrUid])).stdout.trim();
    const [name, uid, gid] = [await ask('-un'), Number(await ask('-u')), Number(await ask('-g'))];
    return uid === 0 ? undefined : { name, uid, gid };
  } catch {
    return undefined;
  }
}
