import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

type ShutdownSignal = 'SIGINT' | 'SIGQUIT' | 'SIGKILL';

/**
 * PostgreSQL's fast shutdown, then its immediate one (which loses nothing: the next start recovers), then the
 * kernel's. The first leaves room for writing a full shared_buffers to a slow disk, within the thirty seconds that
 * orchestrators usually grant.
 */
const steps: readonly { signal: ShutdownSignal; waitMs: number }[] = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 7_000 },
  { signal: 'SIGKILL', waitMs: 3_000 },
];

/** The longest that {@link shutDown} takes, in milliseconds. */
export const shutdownMsMax = steps.reduce((sum, { waitMs }) => sum + waitMs, 0);

/**
 * Ends a postmaster, more firmly at each step, until `goneWithin` says that it is gone.
 *
 * @param pgCtl - PostgreSQL's own program for sending signals, needed where the system has none (Windows)
 * @returns whether it is gone
 */
export async function shutDown(
  pid: number,
  pgCtl: string,
  goneWithin: (waitMs: number) => Promise<boolean>,
): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    await send(pid, signal, pgCtl);
    if (await goneWithin(waitMs)) return true;
  }
  return false;
}

async function send(pid: number, signal: ShutdownSignal, pgCtl: string): Promise<void> {
  try {
    if (process.platform !== 'win32' || signal === 'SIGKILL') process.kill(pid, signal);
    else await promisify(execFile)(pgCtl, ['kill', signal.slice('SIG'.length), String(pid)]);
  } catch {
    // Gone already, which the caller is about to see.
  }
}
