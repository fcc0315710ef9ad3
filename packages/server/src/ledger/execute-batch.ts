import { catalogue } from '@giro/sdk/protocol';
import type { BookChanges, Books } from './books.js';
import type { Command } from './command.js';
import { execute, type Outcome } from './execute.js';

/** What a batch of commands comes to. */
export interface ExecutedBatch {
  /** One per command. */
  readonly outcomes: readonly Outcome[];
  /** To be made durable before any outcome is told (R11). */
  readonly changes: BatchChanges;
}

/** What a batch changes of the books. */
export interface BatchChanges extends BookChanges {
  /**
   * Whether every id that the batch uses stands in an entry of it: then an id that was used before shows when the entries
   * are written, even if nobody has looked it up.
   */
  readonly idsKept: boolean;
}

/** Decides commands in order, each on the books as those before it leave them, and seals what they append (R9). */
export function executeBatch(books: Books, commands: readonly Command[], clockMicros: number): ExecutedBatch {
  const outcomes = commands.map((command) => execute(books, command, clockMicros));
  const idsKept = outcomes.every((outcome, index) => isKept(outcome, commands[index]?.kind));
  // The entries of the outcomes are those that are sealed here.
  return { outcomes, changes: { ...books.changes(), idsKept } };
}

/** A group that is refused keeps its own id, but not those of its members. */
function isKept(outcome: Outcome, kind: Command['kind'] | undefined): boolean {
  if (outcome.kind === 'applied') return outcome.entries.length > 0;
  return catalogue[outcome.refusal.reason].frozen && kind !== 'group';
}
