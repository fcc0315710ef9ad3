import type { BookChanges, Books } from './books.js';
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
  // The entries of the outcomes are those that are sealed here.
  return { outcomes, changes: books.changes() };
}
