import type { Database } from './database.js';
import { branchNotFound } from './read-branches.js';
import { CLOCK_MICROS, isDue } from './read-due-holds.js';

/** Totals of one currency over many accounts. */
export interface TrialBalanceLine {
  readonly currency: string;
  /** Over the lifetime. */
  readonly postedDebits: bigint;
  readonly postedCredits: bigint;
  /** At the moment, by holds that have not expired. */
  readonly heldDebits: bigint;
  readonly heldCredits: bigint;
}

/** The totals of a branch at one position. */
export interface TrialBalance {
  readonly position: number;
  /** In order of the currency. */
  readonly lines: readonly TrialBalanceLine[];
}

/** Sums debits and credits over all accounts of a branch. @throws {@link RequestError} with BRANCH_NOT_FOUND */
export async function readTrialBalance(database: Database, branch: number): Promise<TrialBalance> {
  const rows = await database.rows<TrialBalanceRow>(TRIAL_BALANCE, [branch]);
  const [first] = rows;
  if (first === undefined) throw branchNotFound(branch);
  return { position: Number(first.position), lines: rows.filter(hasTotals).map(lineFromRow) };
}

/** The totals of the whole bank in one snapshot (R12). */
export interface BankTrialBalance {
  /** In order of the currency. */
  readonly lines: readonly TrialBalanceLine[];
  readonly branches: number;
  /** Pairs of interbranch accounts that are not equal and opposite: 0 as long as R7 holds. */
  readonly interbranchMismatches: number;
  /** The database's clock. */
  readonly timeMicros: number;
}

export async function readBankTrialBalance(database: Database): Promise<BankTrialBalance> {
  const rows = await database.rows<BankTrialBalanceRow>(BANK_TRIAL_BALANCE, []);
  const [first] = rows;
  return {
    lines: rows.filter(hasTotals).map(lineFromRow),
    branches: Number(first?.branches),
    interbranchMismatches: Number(first?.mismatches),
    timeMicros: Number(first?.micros),
  };
}

interface TotalsRow {
  readonly currency: string;
  readonly posted_debits: string;
  readonly posted_credits: string;
  readonly held_debits: string;
  readonly held_credits: string;
}

/** Without totals if there are no accounts. */
type Totals = TotalsRow | { readonly currency: null };

type TrialBalanceRow = { readonly position: string } & Totals;

type BankTrialBalanceRow = {
  readonly branches: string;
  readonly mismatches: string;
  readonly micros: string;
} & Totals;

function hasTotals<Row extends Totals>(row: Row): row is Row & TotalsRow {
  return row.currency !== null;
}

function lineFromRow(row: TotalsRow): TrialBalanceLine {
  return {
    currency: row.currency,
    postedDebits: BigInt(row.posted_debits),
    postedCredits: BigInt(row.posted_credits),
    heldDebits: BigInt(row.held_debits),
    heldCredits: BigInt(row.held_credits),
  };
}

/**
 * Defines `totals`: per currency, what the accounts' counters say, less what is due on them. A hold reserves the same on
 * both its sides.
 *
 * @param which - the condition on `branch_id`
 */
function totals(which: string): string {
  return `
    due as (
      select h.currency, sum(h.amount) as amount
      from branches b join holds h on h.branch_id = b.branch_id
      where b.${which} and ${isDue('b.time_micros')}
      group by h.currency
    ),
    summed as (
      select currency, sum(posted_debits) as posted_debits, sum(posted_credits) as posted_credits,
        sum(held_debits) as held_debits, sum(held_credits) as held_credits
      from accounts where ${which} group by currency
    ),
    totals as (
      select s.currency, s.posted_debits, s.posted_credits, s.held_debits - coalesce(due.amount, 0) as held_debits,
        s.held_credits - coalesce(due.amount, 0) as held_credits
      from summed s left join due on due.currency = s.currency
    )`;
}

const TRIAL_BALANCE = `
  with ${totals('branch_id = $1')}
  select b.position, totals.* from branches b left join totals on true
  where b.branch_id = $1 and b.position > 0
  order by totals.currency`;

/** Each pair once, and an account without a partner too. */
const MISMATCHES = `
  select count(*) from accounts a
  left join accounts partner on partner.branch_id = a.peer_branch_id
    and partner.serial = a.serial - a.peer_branch_id + a.branch_id
  where a.kind = 'interbranch' and (partner.serial is null or (
    a.branch_id < a.peer_branch_id
    and (a.posted_debits <> partner.posted_credits or a.posted_credits <> partner.posted_debits)
  ))`;

const BANK_TRIAL_BALANCE = `
  with ${totals('branch_id is not null')}
  select (select count(*) from branches where position > 0) as branches, (${MISMATCHES}) as mismatches,
    ${CLOCK_MICROS} as micros, totals.*
  from (values (1)) as once left join totals on true
  order by totals.currency`;
