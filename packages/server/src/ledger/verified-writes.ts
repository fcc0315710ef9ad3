import { EXPIRY_ORDINAL, type Entry, type GroupOpened } from './entry.js';
import { fits } from './journal-misfit.js';

/** The order in which a branch's entries come, as a verification follows it: times, writes and groups (R5, R6, R8). */
export class VerifiedWrites {
  #timeMicros = -1;
  #write: { readonly id: string; readonly ordinal: number } | undefined;
  /** The group whose entries these are, and the last member seen. */
  #group: { readonly id: string; readonly members: number; readonly index: number } | undefined;

  /** Takes in the next entry. @throws {@link JournalMisfit} if it cannot come next */
  take(entry: Entry): void {
    const { timeMicros, writeId, ordinal, body, change } = entry;
    fits(entry, timeMicros > this.#timeMicros, 'it is not later than the entry before');
    this.#timeMicros = timeMicros;
    fits(
      entry,
      (change.kind === 'holdExpired') === (ordinal === EXPIRY_ORDINAL),
      () => `it has ordinal ${ordinal}`,
    );
    if (ordinal === EXPIRY_ORDINAL) {
      fits(
        entry,
        body === undefined && entry.group === undefined,
        'a hold expires by itself, not by a write',
      );
      return;
    }
    const goesOn = writeId === this.#write?.id;
    const expected = goesOn ? (this.#write?.ordinal ?? 0) + 1 : 0;
    fits(entry, ordinal === expected, () => `it has ordinal ${ordinal}, where ${expected} comes next`);
    fits(entry, (body !== undefined) === keepsBody(entry), 'it has a body where none belongs, or none');
    this.#takeGroup(entry, goesOn);
    this.#write = { id: writeId, ordinal };
  }

  #takeGroup(entry: Entry, goesOn: boolean): void {
    const { writeId, group, change } = entry;
    if (change.kind === 'groupOpened') {
      fits(entry, group === undefined && !goesOn, 'it opens a group inside another write');
      checkHeader(entry, change);
      this.#group = { id: writeId, members: change.members, index: -1 };
    } else if (group === undefined) {
      this.#group = undefined;
    } else {
      const { index } = group;
      const open = this.#group;
      fits(entry, open?.id === group.id, () => `it is of group ${group.id}, which is not open`);
      const inOrder = goesOn ? index === open.index : index > open.index;
      fits(entry, inOrder && index < open.members, () => `it is of member ${index} out of order`);
      this.#group = { ...open, index };
    }
  }
}

/** An abandoned id has no body: whatever comes with it later, it was abandoned. */
function keepsBody({ ordinal, change }: Entry): boolean {
  return ordinal === 0 && !(change.kind === 'refusal' && change.refusal.reason === 'ABANDONED');
}

function checkHeader(entry: Entry, { members, branches }: GroupOpened): void {
  fits(entry, members > 0, 'it opens a group without members');
  const own = branches.includes(entry.branch) && new Set(branches).size === branches.length;
  fits(entry, own, 'it opens a group of other branches, or of one twice');
}
