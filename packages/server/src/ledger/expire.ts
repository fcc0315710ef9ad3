import type { Books } from './books.js';
import { EXPIRY_ORDINAL } from './entry.js';
import { fold } from './fold.js';
import { expiry } from './hold.js';
import type { HoldState } from './state.js';

/**
 * Frees what the holds in these books that are due reserve, as of the time the next entry gets: an expired hold frees
 * its amount without anyone asking. In each branch a hold expires by itself; both parts have the same expiry, and
 * whoever would capture it must see both.
 */
export function expireHolds(books: Books, clockMicros: number): void {
  for (;;) {
    const due = books.dueHolds(nextTime(books, clockMicros));
    if (due.length === 0) return;
    // Each expiry takes a microsecond, by which more holds may be due.
    for (const hold of due) expireHold(books, hold, nextTime(books, clockMicros));
  }
}

/** The time of the next entry: the store's clock, or later if the books have seen a later one (R8). */
export function nextTime(books: Books, clockMicros: number): number {
  return Math.max(clockMicros, books.latestMicros + 1);
}

function expireHold(books: Books, hold: HoldState, timeMicros: number): void {
  const { branch, change } = expiry(hold);
  const position = (books.branch(branch)?.position ?? 0) + 1;
  const made = { body: undefined, group: undefined, actor: undefined, notes: undefined, seal: undefined };
  const place = { branch, position, timeMicros, writeId: hold.id, ordinal: EXPIRY_ORDINAL };
  fold(books, { ...place, ...made, change });
}
