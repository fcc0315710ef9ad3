import type { BranchState } from '../ledger/state.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { branchFromRow, type BranchRow } from './rows.js';

/** A branch and the cash in its vault, per currency. */
export interface BranchView extends BranchState {
  readonly cash: readonly { readonly currency: string; readonly amount: bigint }[];
}

/** Branches in order of their ids, after a given one. */
export async function readBranches(database: Database, after: number, limit: number): Promise<BranchView[]> {
  const text = `${BRANCHES} where b.branch_id > $1 and b.position > 0 order by b.branch_id limit $2`;
  return (await database.rows<BranchViewRow>(text, [after, limit])).map(viewFromRow);
}

/** @throws {@link RequestError} with BRANCH_NOT_FOUND */
export async function readBranch(database: Database, branch: number): Promise<BranchView> {
  const text = `${BRANCHES} where b.branch_id = $1 and b.position > 0`;
  const [row] = await database.rows<BranchViewRow>(text, [branch]);
  if (row === undefined) throw branchNotFound(branch);
  return viewFromRow(row);
}

/** Tells whether any of the branches has been initialized. */
export async function someBranchExists(database: Database, branches: readonly number[]): Promise<boolean> {
  const text = 'select 1 from branches where branch_id = any($1) and position > 0 limit 1';
  return (await database.rows(text, [branches])).length > 0;
}

export function branchNotFound(branch: number): RequestError {
  return new RequestError('BRANCH_NOT_FOUND', { branch: String(branch) });
}

interface BranchViewRow extends BranchRow {
  readonly currencies: string[];
  readonly amounts: string[];
}

function viewFromRow(row: BranchViewRow): BranchView {
  const cash = row.currencies.map((currency, index) => ({
    currency,
    amount: BigInt(row.amounts[index] ?? 0),
  }));
  return { ...branchFromRow(row), cash };
}

const BRANCHES = `
  select b.*, vaults.currencies, vaults.amounts
  from branches b
  cross join lateral (
    select coalesce(array_agg(a.currency order by a.currency), '{}') as currencies,
      coalesce(array_agg((a.posted_debits - a.posted_credits)::text order by a.currency), '{}') as amounts
    from accounts a
    where a.branch_id = b.branch_id and a.kind = 'vault' and a.serial between 4000000000 and 4999999999
  ) vaults`;
