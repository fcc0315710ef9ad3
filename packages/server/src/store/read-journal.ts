import type { Entry } from '../ledger/entry.js';
import type { Database } from './database.js';
import { readBranch } from './read-branches.js';
import { entryFromRow, WITH_SEAL, type EntryRow } from './rows.js';

/** Entries of a branch in order of position. @throws {@link RequestError} with BRANCH_NOT_FOUND */
export async function readEntries(
  database: Database,
  branch: number,
  after: number,
  limit: number,
): Promise<Entry[]> {
  const rows = await database.rows<EntryRow>(ENTRIES, [branch, after, limit]);
  if (rows.length === 0) await readBranch(database, branch);
  return rows.map(entryFromRow);
}

const ENTRIES = `
  select e.*, seal.* from entries e ${WITH_SEAL}
  where e.branch_id = $1 and e.position > $2 order by e.position limit $3`;
