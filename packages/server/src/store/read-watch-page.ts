import type { Entry } from '../ledger/entry.js';
import type { JournalHead } from '../ledger/seal.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { positionNotFound } from './read-balances.js';
import { branchNotFound } from './read-branches.js';
import { entryFromRow, WITH_SEAL, type EntryRow } from './rows.js';

/** Where a watcher stands. */
export interface WatchPlace {
  readonly branch: number;
  /** The last position that it has seen. */
  readonly after: number;
  /** A seal that it has seen; undefined if none. */
  readonly seal: JournalHead | undefined;
}

/** What comes next in a journal. */
export interface WatchPage {
  readonly entries: readonly Entry[];
  /** How far the journal had got. */
  readonly head: JournalHead;
}

/**
 * The next entries after a place, and the journal's head, in one snapshot.
 *
 * @throws {@link RequestError} with BRANCH_NOT_FOUND, POSITION_NOT_FOUND if the journal does not reach the place, or
 *   JOURNAL_DIVERGED if it does not have the seal (any more)
 */
export async function readWatchPage(
  database: Database,
  place: WatchPlace,
  limit: number,
): Promise<WatchPage> {
  const { branch, after, seal } = place;
  const values = [branch, after, limit, seal?.position ?? null, seal?.hash ?? null];
  const rows = await database.rows<WatchRow>(WATCH_PAGE, values);
  const [first] = rows;
  if (first === undefined) throw branchNotFound(branch);
  if (seal !== undefined && !first.has_seal) {
    const metadata = { branch: String(branch), position: String(seal.position) };
    throw new RequestError('JOURNAL_DIVERGED', metadata);
  }
  const head = { position: Number(first.head_position), hash: first.head_hash };
  if (after > head.position) throw positionNotFound(branch, after, head.position);
  return { entries: rows.filter(hasEntry).map(entryFromRow), head };
}

/** Where the journals of some branches end. Only good to tell that something is new, see {@link Database.glance}. */
export async function glanceAtHeads(
  database: Database,
  branches: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const text = 'select branch_id, position from branches where branch_id = any($1)';
  const rows = await database.glance<{ branch_id: number; position: string }>(text, [branches]);
  return new Map(rows.map(({ branch_id, position }) => [branch_id, Number(position)]));
}

interface HeadRow {
  readonly head_position: string;
  readonly head_hash: Buffer;
  readonly has_seal: boolean;
}

type WatchRow = HeadRow & (EntryRow | { readonly position: null });

function hasEntry(row: WatchRow): row is HeadRow & EntryRow {
  return row.position !== null;
}

const WATCH_PAGE = `
  select b.position as head_position, b.head_hash,
    exists (
      select 1 from seals s where s.branch_id = b.branch_id and s.last_position = $4::bigint and s.hash = $5::bytea
    ) as has_seal,
    page.*
  from branches b
  left join lateral (
    select e.*, seal.* from entries e ${WITH_SEAL}
    where e.branch_id = b.branch_id and e.position > $2 order by e.position limit $3
  ) as page on true
  where b.branch_id = $1 and b.position > 0
  order by page.position`;
