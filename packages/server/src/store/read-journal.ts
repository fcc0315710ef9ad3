import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from '../ledger/entry.js';
import type { Database } from './database.js';
import { readAccount } from './read-accounts.js';
import { readBranch } from './read-branches.js';
import { entryFromRow, type EntryRow } from './rows.js';

/** Entries of a branch in order of position. @throws {@link RequestError} with BRANCH_NOT_FOUND */
export async function readEntries(
  database: Database,
  branch: number,
  after: number,
  limit: number,
): Promise<Entry[]> {
  const text = 'select * from entries where branch_id = $1 and position > $2 order by position limit $3';
  const rows = await database.rows<EntryRow>(text, [branch, after, limit]);
  if (rows.length === 0) await readBranch(database, branch);
  return rows.map(entryFromRow);
}

/** The entries that a write made in a branch; none if the branch does not know the id. */
export async function readWrite(database: Database, branch: number, id: string): Promise<Entry[]> {
  const text = 'select * from entries where branch_id = $1 and write_id = $2 order by position';
  const rows = await database.rows<EntryRow>(text, [branch, id]);
  if (rows.length === 0) await readBranch(database, branch);
  return rows.map(entryFromRow);
}

/** Which postings of an account to list. */
export interface StatementFilter extends AccountRef {
  readonly newestFirst: boolean;
  /** The position to go on from, exclusive; undefined to begin at the account's first or last posting. */
  readonly from: number | undefined;
  readonly limit: number;
}

/** The postings of one account. @throws {@link RequestError} with BRANCH_NOT_FOUND or ACCOUNT_NOT_FOUND */
export async function readPostings(database: Database, filter: StatementFilter): Promise<Entry[]> {
  const { branch, serial, newestFirst, limit } = filter;
  const from = filter.from ?? (newestFirst ? Number.MAX_SAFE_INTEGER : 0);
  const text = newestFirst ? postings('<', 'desc') : postings('>', 'asc');
  const rows = await database.rows<EntryRow>(text, [branch, serial, from, limit]);
  if (rows.length === 0) await readAccount(database, filter);
  return rows.map(entryFromRow);
}

/** Each half walks an index of its own, so that a page costs the same wherever it lies. */
function postings(beyond: '<' | '>', direction: 'asc' | 'desc'): string {
  const half = (column: 'debit_serial' | 'credit_serial') => `
    (select * from entries where branch_id = $1 and ${column} = $2 and position ${beyond} $3
     order by position ${direction} limit $4)`;
  return `select * from (${half('debit_serial')} union all ${half('credit_serial')}) as both_sides
    order by position ${direction} limit $4`;
}
