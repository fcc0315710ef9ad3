import type { AccountRef } from '@giro/sdk/protocol';
import { availableIn, balanceOf } from '../ledger/state.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { accountNotFound } from './read-accounts.js';
import { branchNotFound } from './read-branches.js';
import { accountNowFromRow, DUE_COLUMNS, type AccountNowRow } from './read-due-holds.js';
import { FOUND_POSITIONS } from './read-position-at.js';
import { FOUND_POSTINGS } from './read-postings.js';

/** A balance at one position of its branch. */
export interface BalanceView extends AccountRef {
  readonly currency: string;
  /** By the account's normal side. */
  readonly balance: bigint;
  /** Only of a balance as it is now. */
  readonly available: bigint | undefined;
  /** How far the branch's journal had got; 0 if it had not begun. */
  readonly position: number;
  /** The time of the entry there. */
  readonly timeMicros: number | undefined;
}

/** A moment to ask for, or a position in the one branch that all accounts are of. */
export type BalanceMoment = { readonly timeMicros: bigint } | { readonly position: number };

/** Balances as they are, in one snapshot (R12). @throws {@link RequestError} with BRANCH_NOT_FOUND or ACCOUNT_NOT_FOUND */
export async function readBalances(
  database: Database,
  accounts: readonly AccountRef[],
): Promise<BalanceView[]> {
  const rows = await database.rows<BalanceNowRow>(BALANCES_NOW, askedColumns(accounts));
  return rows.map((row) => {
    if (!hasAccount(row)) throw notFound(row);
    const account = accountNowFromRow(row);
    const { branch, serial, currency } = account;
    return {
      ...{ branch, serial, currency },
      ...{ balance: balanceOf(account), available: availableIn(account) },
      ...{ position: Number(row.last_position), timeMicros: Number(row.last_micros) },
    };
  });
}

/**
 * Balances as they were, in one snapshot (R12). An account that was not there yet had a balance of zero.
 *
 * @throws {@link RequestError} with BRANCH_NOT_FOUND, ACCOUNT_NOT_FOUND or POSITION_NOT_FOUND
 */
export async function readBalancesAt(
  database: Database,
  accounts: readonly AccountRef[],
  moment: BalanceMoment,
): Promise<BalanceView[]> {
  const [text, value] =
    'position' in moment
      ? [BALANCES_AT_POSITION, moment.position]
      : [BALANCES_AT_TIME, moment.timeMicros.toString()];
  const rows = await database.rows<BalanceAtRow>(text, [...askedColumns(accounts), value]);
  return rows.map((row) => {
    if (row.currency === null || row.last_position === null) throw notFound(row);
    const { asked_branch: branch, position, last_position: last } = row;
    if (Number(position) > Number(last)) throw positionNotFound(branch, Number(position), Number(last));
    return {
      ...{ branch, serial: Number(row.asked_serial), currency: row.currency },
      ...{ balance: BigInt(row.balance), available: undefined },
      ...{ position: Number(position), timeMicros: row.micros === null ? undefined : Number(row.micros) },
    };
  });
}

export function positionNotFound(branch: number, position: number, last: number): RequestError {
  const metadata = { branch: String(branch), position: String(position), last: String(last) };
  return new RequestError('POSITION_NOT_FOUND', metadata);
}

interface AskedRow {
  readonly asked_branch: number;
  readonly asked_serial: string;
  /** Null if there is no such branch. */
  readonly last_position: string | null;
}

type BalanceNowRow = AskedRow &
  ((AccountNowRow & { readonly last_micros: string }) | { readonly serial: null });

interface BalanceAtRow extends AskedRow {
  readonly currency: string | null;
  readonly balance: string;
  readonly position: string;
  readonly micros: string | null;
}

function hasAccount(
  row: BalanceNowRow,
): row is BalanceNowRow & AccountNowRow & { readonly last_micros: string } {
  return row.last_position !== null && row.serial !== null;
}

function notFound({ asked_branch: branch, asked_serial: serial, last_position }: AskedRow): RequestError {
  return last_position === null
    ? branchNotFound(branch)
    : accountNotFound({ branch, serial: Number(serial) });
}

function askedColumns(accounts: readonly AccountRef[]): unknown[] {
  return [accounts.map(({ branch }) => branch), accounts.map(({ serial }) => serial)];
}

const ASKED = 'unnest($1::int[], $2::bigint[]) with ordinality as asked (branch_id, serial, n)';

const ASKED_COLUMNS =
  'asked.branch_id as asked_branch, asked.serial as asked_serial, b.position as last_position';

const ASKED_ACCOUNTS = `
  from ${ASKED}
  left join branches b on b.branch_id = asked.branch_id and b.position > 0
  left join accounts a on a.branch_id = asked.branch_id and a.serial = asked.serial`;

const BALANCES_NOW = `
  select ${ASKED_COLUMNS}, b.time_micros as last_micros, a.*, ${DUE_COLUMNS} ${ASKED_ACCOUNTS} order by asked.n`;

/** @param reached - what gives `reached (branch_id, position)` for each branch */
function balancesAt(reached: string): string {
  return `
    with recursive ${reached},
    places as materialized (
      select asked.n, ${ASKED_COLUMNS}, a.currency, a.last_posting, reached.position
      ${ASKED_ACCOUNTS}
      left join reached on reached.branch_id = asked.branch_id
    ),
    ranges (n, branch_id, serial, last_posting, after, up_to, newest, oldest) as (
      select n, asked_branch, asked_serial, last_posting, 0::bigint, position, 1, null::bigint from places
    ),
    ${FOUND_POSTINGS}
    select places.asked_branch, places.asked_serial, places.last_position, places.currency, places.position,
      (select e.time_micros from entries e
       where e.branch_id = places.asked_branch and e.position = places.position) as micros,
      coalesce(postings.balance, 0) as balance
    from places left join postings on postings.n = places.n
    order by places.n`;
}

const BALANCES_AT_POSITION = balancesAt(`
  reached (branch_id, position) as (select distinct branch_id, $3::bigint from unnest($1::int[]) as branch_id)`);

const BALANCES_AT_TIME = balancesAt(`
  wanted (n, branch_id, micros) as (select distinct 1, branch_id, $3::bigint from unnest($1::int[]) as branch_id),
  ${FOUND_POSITIONS},
  reached (branch_id, position) as (select branch_id, position from found)`);
