import type { JournalHead } from '../ledger/seal.js';
import type { KeptSeal } from '../ledger/seal-verifier.js';
import type { Database } from './database.js';
import type { KeptEntry } from './entry-columns.js';
import { keptEntry } from './kept-entry.js';
import type { EntryRow, SealRow } from './rows.js';

/** Entries of one page at most, but for a seal that covers more: some 50 ms of work, in which nothing else is done. */
const PAGE_ENTRIES_MAX = 1_000;

/** Some seals of a journal that follow one another, with what they cover. */
export interface SealedPage {
  /** Where the journal ended before the page was read. */
  readonly end: JournalHead;
  readonly seals: readonly KeptSeal[];
  readonly entries: readonly KeptEntry[];
}

/** @returns undefined if there is no branch after a given one */
export async function readNextBranch(database: Database, after: number): Promise<number | undefined> {
  const [row] = await database.glance<{ branch_id: number }>(NEXT_BRANCH, [after]);
  return row?.branch_id;
}

/** Reads on after a seal. What is sealed never changes, so that three statements see the same. */
export async function readSealedPage(database: Database, branch: number, after: number): Promise<SealedPage> {
  const [head] = await database.glance<{ position: string; head_hash: Buffer }>(HEAD, [branch]);
  const end = { position: Number(head?.position ?? 0), hash: head?.head_hash ?? Buffer.of() };
  const rows = await database.glance<SealRow>(SEALS, [branch, after, PAGE_ENTRIES_MAX]);
  const all = rows.map(({ first_position, last_position, root, hash }) => {
    return { first: Number(first_position), last: Number(last_position), root, hash };
  });
  const seals = all.filter(({ last }, index) => index === 0 || last - after <= PAGE_ENTRIES_MAX);
  const last = seals.at(-1)?.last ?? after;
  const entries = await database.glance<EntryRow>(ENTRIES, [branch, after, last]);
  return { end, seals, entries: entries.map((row, index) => keptEntry(row, after + index + 1)) };
}

const NEXT_BRANCH = `
  select branch_id from branches where branch_id > $1 and position > 0 order by branch_id limit 1`;

const HEAD = 'select position, head_hash from branches where branch_id = $1';

const SEALS = `
  select * from seals where branch_id = $1 and last_position > $2 order by last_position limit $3`;

const ENTRIES = `
  select * from entries where branch_id = $1 and position > $2 and position <= $3 order by position`;
