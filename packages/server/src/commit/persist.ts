import type { Outcome } from '../ledger/execute.js';
import { StoreError, type Store } from '../store/store.js';
import type { CommitObserver } from './commit-observer.js';
import { attempt, type Batch, type Done, type Failed } from './attempt.js';

/** How long a batch is tried again before its callers are told. The retry is safe by R5. */
const RETRY_FOR_MS = 5_000;

/** First wait after a failure; it doubles, six times at most. */
const RETRY_BASE_MS = 5;

/** What the commit path tells whoever watches it. */
export interface CommitterLog {
  warn(details: object, message: string): void;
}

export interface PersistOptions {
  readonly log: CommitterLog;
  readonly observer: CommitObserver;
  /** When to give up at the latest, by `performance.now()`. */
  readonly giveUpAtMs: () => number;
}

/**
 * Commits commands under locks, again and again until it is known what became of them or that takes too long.
 *
 * @param first - an attempt that has failed before
 * @throws what the last attempt failed with: {@link StoreError} `unknown` if any may have happened
 */
export async function persist(
  store: Store,
  batch: Batch,
  first: Failed | undefined,
  { log, observer, giveUpAtMs }: PersistOptions,
): Promise<Done> {
  const retryUntilMs = performance.now() + RETRY_FOR_MS;
  let mayHaveHappened = first === undefined ? undefined : possible(first);
  if (first !== undefined) check(first.error, mayHaveHappened);
  for (let failures = 0; ; failures++) {
    const attempted = await attempt(store, batch);
    if (attempted.kind === 'done') {
      return mayHaveHappened !== undefined && (await happened(store, mayHaveHappened))
        ? { ...attempted, outcomes: asFirstAnswers(attempted.outcomes, mayHaveHappened.outcomes) }
        : attempted;
    }
    const { error } = attempted;
    observer.attemptFailed(error);
    check(error, mayHaveHappened);
    mayHaveHappened ??= possible(attempted);
    if (performance.now() > Math.min(retryUntilMs, giveUpAtMs())) {
      throw mayHaveHappened === undefined ? error : new StoreError('unknown', causeOf(error));
    }
    log.warn(
      { err: error, attempt: failures, commands: batch.commands.length },
      'commit failed, trying again',
    );
    await backoff(failures);
  }
}

/** An attempt that may have happened. */
function possible(failed: Failed): Failed | undefined {
  return failed.error instanceof StoreError && failed.error.failure === 'unknown' ? failed : undefined;
}

/** Tells whether an attempt did happen: what was decided without looking the ids up may have been decided wrongly. */
async function happened(store: Store, { seals: [seal] }: Failed): Promise<boolean> {
  if (seal === undefined) return false;
  try {
    return await store.keeps(seal);
  } catch {
    // The outcomes are known; only whether they are told for the first time is not.
    return true;
  }
}

/** Throws what would fail again. */
function check(error: unknown, mayHaveHappened: Failed | undefined): void {
  if (error instanceof StoreError && error.failure !== 'rejected') return;
  throw mayHaveHappened === undefined ? error : new StoreError('unknown', error);
}

function causeOf(error: unknown): unknown {
  return error instanceof StoreError ? error.cause : error;
}

/** What an attempt of our own has applied is no replay to those who hear of it for the first time. */
function asFirstAnswers(outcomes: readonly Outcome[], earlier: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome, index) =>
    earlier[index]?.replayed === false ? { ...outcome, replayed: false } : outcome,
  );
}

/** Full jitter, so that servers that met in a conflict do not meet again. */
function backoff(failures: number): Promise<void> {
  const ceilingMs = RETRY_BASE_MS * 2 ** Math.min(failures, 6);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceilingMs));
}
