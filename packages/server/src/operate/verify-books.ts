import { openDatabase } from '../store/database.js';
import { readBranches } from '../store/read-branches.js';
import type { JournalHead } from '../ledger/seal.js';
import { verifyBranch } from '../store/verify-branch.js';
import type { Tell } from './run-task.js';

/** How often to tell how far a verification has got. */
const PROGRESS_INTERVAL_MS = 2_000;

/** Branches read at once. */
const BRANCH_PAGE_SIZE = 200;

/**
 * Verifies the journal of every branch, and everything kept beside it.
 *
 * @param heads - seals that the journals must have, by branch
 * @returns whether all fits
 */
export async function verifyBooks(
  url: string,
  tell: Tell,
  signal: AbortSignal,
  heads: ReadonlyMap<number, JournalHead> = new Map(),
): Promise<boolean> {
  const branches = await listBranches(url);
  let misfits = 0;
  for (const branch of branches) {
    signal.throwIfAborted();
    if (!(await verifyOne(url, branch, { tell, signal, trusted: heads.get(branch) }))) misfits++;
  }
  tell(
    misfits === 0
      ? `${branches.length} branches verified: all fits`
      : `${misfits} of ${branches.length} branches do not fit`,
  );
  return misfits === 0;
}

async function verifyOne(
  url: string,
  branch: number,
  { tell, signal, trusted }: { tell: Tell; signal: AbortSignal; trusted: JournalHead | undefined },
): Promise<boolean> {
  let tellAtMs = performance.now() + PROGRESS_INTERVAL_MS;
  for await (const event of verifyBranch(url, branch, trusted)) {
    signal.throwIfAborted();
    if (event.kind === 'progress') {
      if (performance.now() < tellAtMs) continue;
      tellAtMs = performance.now() + PROGRESS_INTERVAL_MS;
      tell(`branch ${branch}: ${event.position} of ${event.lastPosition} entries`);
      continue;
    }
    const { problem, head } = event;
    if (problem === undefined) {
      tell(`branch ${branch}: fits up to ${head.position}, head ${head.hash.toString('hex')}`);
      return true;
    }
    tell(`branch ${branch}: DOES NOT FIT at ${problem.position}: ${problem.message}`);
  }
  return false;
}

async function listBranches(url: string): Promise<readonly number[]> {
  const database = openDatabase(url, () => undefined);
  try {
    const branches: number[] = [];
    for (;;) {
      const page = await readBranches(database, branches.at(-1) ?? -1, BRANCH_PAGE_SIZE);
      branches.push(...page.map(({ id }) => id));
      if (page.length < BRANCH_PAGE_SIZE) return branches;
    }
  } finally {
    await database.close();
  }
}
