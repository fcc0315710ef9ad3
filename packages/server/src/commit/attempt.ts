import type { Command } from '../ledger/command.js';
import { executeBatch } from '../ledger/execute-batch.js';
import type { Outcome } from '../ledger/execute.js';
import type { Seal } from '../ledger/seal.js';
import type { CommittedBatch } from './commit-observer.js';
import type { Store, TransactOptions } from '../store/store.js';

/** What one transaction came to. */
export type Attempted = Done | Failed;

export interface Done extends CommittedBatch {
  readonly kind: 'done';
}

export interface Failed {
  readonly kind: 'failed';
  readonly error: unknown;
  /** What was decided, of which nothing may be so; empty if it did not come to that. */
  readonly outcomes: readonly Outcome[];
  /** What would have been sealed: one of these tells whether it happened. */
  readonly seals: readonly Seal[];
}

/** Decides commands and commits them once. Never rejects. */
export async function attempt(
  store: Store,
  commands: readonly Command[],
  options?: TransactOptions,
): Promise<Attempted> {
  const startedMs = performance.now();
  let outcomes: readonly Outcome[] = [];
  let seals: readonly Seal[] = [];
  try {
    await store.transact(
      commands,
      ({ books, clockMicros }) => {
        const executed = executeBatch(books, commands, clockMicros);
        outcomes = executed.outcomes;
        seals = executed.changes.sealed.map(({ seal }) => seal);
        return executed.changes;
      },
      options,
    );
    const durationMs = performance.now() - startedMs;
    return { kind: 'done', outcomes, seals, durationMs, optimistic: options?.optimistic === true };
  } catch (error) {
    return { kind: 'failed', error, outcomes, seals };
  }
}
