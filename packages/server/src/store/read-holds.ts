import type { AccountRef } from '@giro/sdk/protocol';
import { holdViewOf, type HoldView } from '../ledger/hold-view.js';
import type { HoldStatus } from '../ledger/state.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { readAccount } from './read-accounts.js';
import { readBranch } from './read-branches.js';
import { isDue } from './read-due-holds.js';
import { entryFromRow, WITH_SEAL, type EntryRow } from './rows.js';

/** A hold as a write that is decided now would find it. @throws {@link RequestError} with BRANCH_NOT_FOUND or HOLD_NOT_FOUND */
export async function readHold(database: Database, branch: number, id: string): Promise<HoldView> {
  const [row] = await database.rows<HoldViewRow>(HOLD, [branch, id]);
  if (row !== undefined) return viewFromRow(row);
  await readBranch(database, branch);
  throw new RequestError('HOLD_NOT_FOUND', { branch: String(branch), hold: id });
}

/** Which holds of an account to list. */
export interface HoldFilter extends AccountRef {
  /** Also those that are captured, released or expired. */
  readonly includeResolved: boolean;
  /** Only holds placed after this position. */
  readonly after: number;
  readonly limit: number;
}

/** Holds on either side of an account, oldest first. @throws {@link RequestError} with BRANCH_NOT_FOUND or ACCOUNT_NOT_FOUND */
export async function readHolds(database: Database, filter: HoldFilter): Promise<HoldView[]> {
  const { branch, serial, includeResolved, after, limit } = filter;
  const text = includeResolved ? HOLDS : OPEN_HOLDS;
  const rows = await database.rows<HoldViewRow>(text, [branch, serial, after, limit]);
  if (rows.length === 0) await readAccount(database, filter);
  return rows.map(viewFromRow);
}

/** The entry that placed a hold, and what has become of it. */
interface HoldViewRow extends EntryRow {
  readonly hold_status: string;
  readonly hold_captured: string | null;
  readonly hold_resolved_by: string | null;
}

function viewFromRow(row: HoldViewRow): HoldView {
  return holdViewOf(entryFromRow(row), {
    status: row.hold_status as HoldStatus,
    captured: row.hold_captured === null ? undefined : BigInt(row.hold_captured),
    resolvedBy: row.hold_resolved_by ?? undefined,
  });
}

/** @param from - where holds `h` come from */
function holdViews(from: string): string {
  return `
    select e.*, seal.sealed_to, seal.seal_hash, h.captured as hold_captured, h.resolved_by as hold_resolved_by,
      case when ${isDue('b.time_micros')} then 'expired' else h.status end as hold_status
    from ${from}
    join branches b on b.branch_id = h.branch_id
    join entries e on e.branch_id = h.branch_id and e.position = h.position
    ${WITH_SEAL}`;
}

const HOLD = `${holdViews('holds h')} where h.branch_id = $1 and h.hold_id = $2`;

/** Each half walks an index of its own. */
function holdsOfAccount(condition: string): string {
  const half = (side: 'debit' | 'credit') => `
    (select * from holds h
     where h.branch_id = $1 and h.${side}_serial = $2 and h.position > $3 and ${condition}
     order by h.position limit $4)`;
  const both = `(${half('debit')} union all ${half('credit')} order by position limit $4) as h`;
  return `${holdViews(both)} order by e.position`;
}

const HOLDS = holdsOfAccount('true');

/** `is not true` instead of `not`: of a hold that does not expire, SQL does not know whether it is due. */
const OPEN_HOLDS = holdsOfAccount(
  `h.status = 'held' and ${isDue('(select b.time_micros from branches b where b.branch_id = $1)')} is not true`,
);
