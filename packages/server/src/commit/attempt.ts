import type { SpanContext } from '@opentelemetry/api';
import type { Command } from '../ledger/command.js';
import { executeBatch } from '../ledger/execute-batch.js';
import type { Outcome } from '../ledger/execute.js';
import type { Seal } from '../ledger/seal.js';
import type { CommittedBatch } from './commit-observer.js';
import { inCommitSpan } from './commit-span.js';
import type { Store, TransactOptions } from '../store/store.js';

/** Commands that are committed together. */
export interface Batch {
  readonly commands: readonly Command[];
  /** The calls that they came with, of those that are traced. */
  readonly calls: readonly SpanContext[];
}

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
export function attempt(
  store: Store,
  { commands, calls }: Batch,
  options: TransactOptions = {},
): Promise<Attempted> {
  const { optimistic = false } = options;
  return inCommitSpan({ calls, commands: commands.length, optimistic }, () =>
    transact(store, commands, options),
  );
}

async function transact(
  store: Store,
  commands: readonly Command[],
  options: TransactOptions,
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
    return { kind: 'done', outcomes, seals, durationMs, optimistic: options.optimistic === true };
  } catch (error) {
    return { kind: 'failed', error, outcomes, seals };
  }
}
