import type { Books } from './books.js';
import type { BranchChange } from './decision.js';
import type { Entry, GroupPlace } from './entry.js';
import { fold } from './fold.js';
import { keepNotes, type Notes } from './notes.js';

/** Whose entries are appended. */
export interface Writer {
  readonly id: string;
  /** The body that a branch keeps. */
  readonly body: (branch: number) => string | undefined;
  readonly group?: GroupPlace | undefined;
  readonly actor?: string | undefined;
  readonly notes?: Notes | undefined;
}

/**
 * Gives each change its place and time, and folds it into the books. A write's entries end at the same microsecond in
 * every branch, so that both legs of a transfer have the same time even if one of them opens an account first (R8).
 */
export function append(
  books: Books,
  writer: Writer,
  changes: readonly BranchChange[],
  timeMicros: number,
): readonly Entry[] {
  const counts = new Map<number, number>();
  for (const { branch } of changes) counts.set(branch, (counts.get(branch) ?? 0) + 1);
  const longest = Math.max(...counts.values());
  const notes = writer.notes === undefined ? undefined : keepNotes(writer.notes);
  const ordinals = new Map<number, number>();
  return changes.map(({ branch, change }) => {
    const ordinal = ordinals.get(branch) ?? 0;
    ordinals.set(branch, ordinal + 1);
    const entry: Entry = {
      branch,
      position: (books.branch(branch)?.position ?? 0) + 1,
      timeMicros: timeMicros + longest - (counts.get(branch) ?? 0) + ordinal,
      writeId: writer.id,
      ordinal,
      body: ordinal === 0 ? writer.body(branch) : undefined,
      group: writer.group,
      actor: writer.actor,
      notes,
      change,
      seal: undefined,
    };
    fold(books, entry);
    return entry;
  });
}
