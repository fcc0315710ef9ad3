import type { Database } from './database.js';
import { CLOCK_MICROS } from './database-clock.js';

/** Branches of one sweep; those left over come with the next. */
const BRANCHES_MAX = 100;

/** The branches in which holds have expired that no entry says so of yet. */
export async function readBranchesWithDueHolds(database: Database): Promise<number[]> {
  const rows = await database.rows<{ branch_id: number }>(DUE_BRANCHES, [BRANCHES_MAX]);
  return rows.map(({ branch_id }) => branch_id);
}

const DUE_BRANCHES = `
  select distinct branch_id from holds
  where status = 'held' and expires_micros <= ${CLOCK_MICROS}
  limit $1`;
