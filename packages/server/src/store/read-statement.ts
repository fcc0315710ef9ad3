import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from '../ledger/entry.js';
import type { Database } from './database.js';
import { ENTRY_COLUMNS } from './entry-columns.js';
import { accountNotFound } from './read-accounts.js';
import { positionNotFound } from './read-balances.js';
import { branchNotFound } from './read-branches.js';
import { FOUND_POSITIONS } from './read-position-at.js';
import { FOUND_POSTINGS } from './read-postings.js';
import { entryFromRow, type ReadEntryRow } from './rows.js';

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

type StatementRow = StatementHeaderRow & (ReadEntryRow | { readonly position: null });

function hasLine(row: StatementRow): row is StatementHeaderRow & ReadEntryRow {
  return row.position !== null;
}

function boundColumns(bound: StatementBound | undefined): [number | null, string | null] {
  if (bound === undefined) return [null, null];
  return 'position' in bound ? [bound.position, null] : [null, bound.timeMicros.toString()];
}

/** The statement covers the positions after `before` up to `last`. */
const BOUNDS = `
  wanted (n, branch_id, micros) as (values (1, $1::int, $4::bigint - 1), (2, $1::int, $6::bigint - 1)),
  ${FOUND_POSITIONS},
  asked as (
    select b.branch_id, b.position as branch_position, a.serial, a.currency, a.last_posting,
      coalesce($3::bigint - 1, (select position from found where n = 1), 0) as before,
      coalesce($5::bigint, (select position from found where n = 2), b.position) as last
    from branches b
    left join accounts a on a.branch_id = b.branch_id and a.serial = $2
    where b.branch_id = $1 and b.position > 0
  ),
  bounds as materialized (select asked.*, least(before, last) as opening from asked)`;

/** @param page - the values of `after`, `up_to`, `newest` and `oldest` of a page's range, see {@link FOUND_POSTINGS} */
function statement(page: string, direction: 'asc' | 'desc'): string {
  return `
    with recursive ${BOUNDS},
    ranges (n, branch_id, serial, last_posting, after, up_to, newest, oldest) as (
      select range.n, branch_id, serial, last_posting, range.after, range.up_to, range.newest, range.oldest
      from bounds cross join lateral (values
        (1, 0, opening, 1, null::bigint), (2, 0, last, 1, null), (3, ${page})
      ) as range (n, after, up_to, newest, oldest)
    ),
    ${FOUND_POSTINGS}
    select ${HEADER}, ${LINE.map((name) => `line.${name}`).join()}
    from bounds
    left join lateral (
      select e.*, row_number() over (order by e.position ${direction}) as nth from (
        select position from postings where n = 3 order by position ${direction} limit $8
      ) as posting
      cross join lateral (
        select ${LINE.join()} from entries where branch_id = $1 and position = posting.position offset 0
      ) as e
    ) as line on true
    order by line.nth`;
}

/** In the first row only: reading a value costs about as much as finding it. */
const HEADER = Object.entries({
  branch_position: 'bounds.branch_position',
  account_currency: 'bounds.currency',
  statement_before: 'bounds.opening',
  statement_last: 'bounds.last',
  opening_balance: 'coalesce((select balance from postings where n = 1), 0)',
  closing_balance: 'coalesce((select balance from postings where n = 2), 0)',
} satisfies Record<keyof StatementHeaderRow, string>)
  .map(([name, value]) => `case when coalesce(line.nth, 1) = 1 then ${value} end as ${name}`)
  .join();

/** What postings are found and checked by. */
const UNREAD = ['debit_previous', 'credit_previous', 'digest'];

const LINE = ENTRY_COLUMNS.map(({ name }) => name).filter((name) => !UNREAD.includes(name));

const OLDEST_FIRST = statement('greatest(opening, $7::bigint), last, null, $8::bigint', 'asc');

const NEWEST_FIRST = statement('opening, least(last, $7::bigint - 1), $8::bigint, null', 'desc');
