import { execFile } from 'node:child_process';
import { readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { buryDead, findLife } from './proof-of-life.js';
import { shutDown, shutdownMsMax } from './shutdown.js';

const pollIntervalMs = 20;
/** Time for a guardian itself, on top of what it grants PostgreSQL. */
const guardianGraceMs = 2_000;

/**
 * Makes sure that no PostgreSQL of an earlier owner, one that was killed, runs on `clusterDir`, for a caller that owns
 * it now: waits while a guardian is still stopping it, and stops it if its guardian was killed as well.
 *
 * @returns the process id of the PostgreSQL that had no guardian, or undefined if there was none
 * @throws EmbeddedPostgresError `data-dir-in-use` if a guardian does not come to an end
 */
export async function stopLeftover(clusterDir: string, pgCtl: string): Promise<number | undefined> {
  await guardiansGone(clusterDir);
  const pidFile = join(clusterDir, 'postmaster.pid');
  // The format is PostgreSQL's own: process id, data directory, start time, port, socket directory, …
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined;
  if (!(await isPostgresOn(pid, clusterDir))) {
    // The number now belongs to another process, as happens when a container starts anew; PostgreSQL, which looks
    // at the number alone, would refuse to start. It still finds backends of its own by their shared memory.
    await rm(pidFile, { force: true });
    return undefined;
  }
  const gone = await shutDown(pid, pgCtl, (waitMs) => goneWithin(pid, clusterDir, waitMs));
  const socketDir = lines[4] ?? '';
  if (gone && socketDir !== '') await rmdir(socketDir).catch(() => undefined);
  return pid;
}

async function guardiansGone(clusterDir: string): Promise<void> {
  const deadline = performance.now() + shutdownMsMax + guardianGraceMs;
  while (performance.now() < deadline) {
    const guardians = await findLife(clusterDir, 'guardian');
    if (guardians.answers.length === 0) return buryDead(clusterDir, guardians);
    await sleep(pollIntervalMs);
  }
  throw new EmbeddedPostgresError(
    'data-dir-in-use',
    `The PostgreSQL of an earlier owner still runs on ${clusterDir} and does not stop; end it, then start again.`,
  );
}

async function goneWithin(pid: number, clusterDir: string, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (performance.now() < deadline) {
    if (!isAlive(pid) || !(await isPostgresOn(pid, clusterDir))) return true;
    await sleep(pollIntervalMs);
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Whether a process is the postmaster that was started with this directory as its argument. */
async function isPostgresOn(pid: number, clusterDir: string): Promise<boolean> {
  if (process.platform === 'win32') return true; // pg_ctl signals through a pipe that only a postmaster has.
  return (await commandLine(pid)).includes(`/postgres -D ${clusterDir} -c `);
}

/** Empty for a process that is gone, or a zombie. */
async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform !== 'linux') {
      return (await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout;
    }
    return (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
