import type { BookChanges, Books, SealedBranch } from './books.js';
import type { Command } from './command.js';
import { execute, type Outcome } from './execute.js';

/** What a batch of commands comes to. */
export interface ExecutedBatch {
  /** One per command. */
  readonly outcomes: readonly Outcome[];
  /** To be made durable before any outcome is told (R11). */
  readonly changes: BookChanges;
}

/** Decides commands in order, each on the books as those before it leave them, and seals what they append (R9). */
export function executeBatch(books: Books, commands: readonly Command[], clockMicros: number): ExecutedBatch {
  const outcomes = commands.map((command) => execute(books, command, clockMicros));
  const changes = books.changes();
  return { outcomes: withSeals(outcomes, changes.sealed), changes };
}

/** The entries that a batch makes are sealed after all of its commands are decided. */
function withSeals(outcomes: readonly Outcome[], sealed: readonly SealedBranch[]): readonly Outcome[] {
  const heads = new Map(sealed.map(({ seal }) => [seal.branch, { position: seal.last, hash: seal.hash }]));
  return outcomes.map((outcome) => {
    if (outcome.kind === 'refused') return outcome;
    const entries = outcome.entries.map((entry) =>
      entry.seal === undefined ? { ...entry, seal: heads.get(entry.branch) } : entry,
    );
    return { ...outcome, entries };
  });
}
