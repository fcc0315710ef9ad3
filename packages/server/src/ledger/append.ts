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
  const notes = writer.notes === undefined ? undefined : keepNotes(writer.notes);
  const longest = entriesOfLongest(changes);
  return changes.map(({ branch, change }, index) => {
    const ordinal = countOf(changes, branch, index);
    const entry: Entry = {
      branch,
      position: (books.branch(branch)?.position ?? 0) + 1,
      timeMicros: timeMicros + longest - countOf(changes, branch, changes.length) + ordinal,
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

/** How many entries the branch gets that gets most. */
function entriesOfLongest(changes: readonly BranchChange[]): number {
  let longest = 0;
  for (const { branch } of changes) longest = Math.max(longest, countOf(changes, branch, changes.length));
  return longest;
}

/** How many of the first changes are of a branch. A write has a handful of changes: counting them anew costs nothing. */
function countOf(changes: readonly BranchChange[], branch: number, end: number): number {
  let count = 0;
  for (let index = 0; index < end; index++) if (changes[index]?.branch === branch) count++;
  return count;
}
