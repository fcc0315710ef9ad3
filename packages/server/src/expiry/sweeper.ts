import { setTimeout as sleep } from 'node:timers/promises';
import { newWriteId } from '@giro/sdk/protocol';
import type { CommitPath } from '../commit/commit-lanes.js';
import type { CommitterLog } from '../commit/persist.js';
import type { Reads } from '../store/reads.js';

/**
 * How often expired holds are looked for. Nothing waits for it: a write on an account settles what is due there first,
 * and reads do not count it. It only keeps the books tidy, and the journal telling.
 */
const SWEEP_INTERVAL_MS = 1_000;

/** Looks for expired holds again and again. */
export interface Sweeper {
  /** Resolves once no sweep is under way. */
  close(): Promise<void>;
}

type SweptReads = Pick<Reads, 'branchesWithDueHolds'>;

/** Starts a sweeper. Several servers may sweep one bank: who comes second finds nothing. */
export function startSweeper(reads: SweptReads, committer: CommitPath, log: CommitterLog): Sweeper {
  const stop = new AbortController();
  const { signal } = stop;
  const running = (async () => {
    while (!signal.aborted) {
      await sweep(reads, committer).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, 'expired holds could not be settled');
      });
      // Servers that started together do not stay in step.
      await sleep(SWEEP_INTERVAL_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    close: () => {
      stop.abort();
      return running;
    },
  };
}

/** Settles what is due, through the commit path like any write. @returns the branches in which something was due */
export async function sweep(reads: SweptReads, committer: CommitPath): Promise<readonly number[]> {
  const branches = await reads.branchesWithDueHolds();
  await Promise.all(
    branches.map((branch) => committer.submit({ kind: 'expireHolds', id: newWriteId(), branch })),
  );
  return branches;
}
