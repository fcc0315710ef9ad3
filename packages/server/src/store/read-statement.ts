import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from '../ledger/entry.js';
import type { Database } from './database.js';
import { accountNotFound } from './read-accounts.js';
import { balanceAt } from './read-balance-at.js';
import { positionNotFound } from './read-balances.js';
import { branchNotFound } from './read-branches.js';
import { FOUND_POSITIONS } from './read-position-at.js';
import { entryFromRow, type EntryRow } from './rows.js';

/** Which part of a statement to read. */
export interface StatementFilter extends AccountRef {
  /** Where the statement begins: with a position, or with the first entry at or after a time; undefined: at the start. */
  readonly from: StatementBound | undefined;
  /** Where it ends: with a position, or before the first entry at or after a time; undefined: with what there is now. */
  readonly to: StatementBound | undefined;
  readonly newestFirst: boolean;
  /** The position to go on from, exclusive; undefined for the first page. */
  readonly after: number | undefined;
  readonly limit: number;
}

export type StatementBound = { readonly position: number } | { readonly timeMicros: bigint };

/** One page of a statement, and what is the same on all of its pages. */
export interface StatementPage {
  readonly currency: string;
  /** The first position that the statement covers; `last` + 1 if it covers none. */
  readonly first: number;
  /** The last position that the statement covers. */
  readonly last: number;
  /** The balance before `first`. */
  readonly openingBalance: bigint;
  /** The balance after `last`. */
  readonly closingBalance: bigint;
  /** Postings of the account. */
  readonly lines: readonly Entry[];
}

/**
 * Reads the bounds of a statement, both balances and a page of lines in one snapshot (R12). Asked again with `from` and
 * `to` set to `first` and `last`, it goes on in the same statement, whatever was written meanwhile.
 *
 * @throws {@link RequestError} with BRANCH_NOT_FOUND, ACCOUNT_NOT_FOUND, or POSITION_NOT_FOUND if the journal does not
 *   reach `to`
 */
export async function readStatement(database: Database, filter: StatementFilter): Promise<StatementPage> {
  const { branch, serial, from, to, newestFirst, after, limit } = filter;
  const bounds = [...boundColumns(from), ...boundColumns(to)];
  const text = newestFirst ? NEWEST_FIRST : OLDEST_FIRST;
  const rows = await database.rows<StatementRow>(text, [branch, serial, ...bounds, after ?? null, limit]);
  const [header] = rows;
  if (header === undefined) throw branchNotFound(branch);
  if (header.account_currency === null) throw accountNotFound({ branch, serial });
  const [end, last] = [Number(header.branch_position), Number(header.statement_last)];
  if (last > end) throw positionNotFound(branch, last, end);
  return {
    currency: header.account_currency,
    first: Number(header.statement_before) + 1,
    last,
    openingBalance: BigInt(header.opening_balance),
    closingBalance: BigInt(header.closing_balance),
    lines: rows.filter(hasLine).map(entryFromRow),
  };
}

interface StatementHeaderRow {
  readonly branch_position: string;
  /** Null if there is no such account. */
  readonly account_currency: string | null;
  readonly statement_before: string;
  readonly statement_last: string;
  readonly opening_balance: string;
  readonly closing_balance: string;
}

type StatementRow = StatementHeaderRow & (EntryRow | { readonly position: null });

function hasLine(row: StatementRow): row is StatementHeaderRow & EntryRow {
  return row.position !== null;
}

function boundColumns(bound: StatementBound | undefined): [number | null, string | null] {
  if (bound === undefined) return [null, null];
  return 'position' in bound ? [bound.position, null] : [null, bound.timeMicros.toString()];
}

const ASKED = { branch: 'asked.branch_id', serial: 'asked.serial' };

/** The statement covers the positions after `before` up to `last`. */
const BOUNDS = `
  wanted (n, branch_id, micros) as (values (1, $1::int, $4::bigint - 1), (2, $1::int, $6::bigint - 1)),
  ${FOUND_POSITIONS},
  asked as (
    select b.branch_id, b.position as branch_position, a.serial, a.currency,
      coalesce($3::bigint - 1, (select position from found where n = 1), 0) as before,
      coalesce($5::bigint, (select position from found where n = 2), b.position) as last
    from branches b
    left join accounts a on a.branch_id = b.branch_id and a.serial = $2
    where b.branch_id = $1 and b.position > 0
  ),
  bounds as materialized (
    select branch_position, currency as account_currency, least(before, last) as before, last,
      ${balanceAt({ ...ASKED, position: 'least(asked.before, asked.last)' })} as opening_balance,
      ${balanceAt({ ...ASKED, position: 'asked.last' })} as closing_balance
    from asked
  )`;

/** Each half walks an index of its own, so that a page costs the same wherever it lies. */
function statement(within: string, direction: 'asc' | 'desc'): string {
  const half = (column: 'debit_serial' | 'credit_serial') => `
    (select e.* from entries e
     where e.branch_id = $1 and e.kind = 'posting' and e.${column} = $2 and ${within}
     order by e.position ${direction} limit $8)`;
  return `
    with recursive ${BOUNDS}
    select bounds.branch_position, bounds.account_currency, bounds.before as statement_before,
      bounds.last as statement_last, bounds.opening_balance, bounds.closing_balance, line.*
    from bounds
    left join lateral (
      select * from (${half('debit_serial')} union all ${half('credit_serial')}) as both_sides
      order by position ${direction} limit $8
    ) as line on true
    order by line.position ${direction}`;
}

const OLDEST_FIRST = statement(
  'e.position > greatest(bounds.before, $7::bigint) and e.position <= bounds.last',
  'asc',
);

const NEWEST_FIRST = statement(
  'e.position > bounds.before and e.position < least(bounds.last + 1, $7::bigint)',
  'desc',
);
