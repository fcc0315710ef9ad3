import { formatAccountId, INTERNAL_SERIAL_MIN, SERIAL_MAX, type AccountRef } from '@giro/sdk/protocol';
import type { AccountState } from '../ledger/state.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { readBranch } from './read-branches.js';
import { accountNowFromRow, DUE_COLUMNS, type AccountNowRow } from './read-due-holds.js';

/** @throws {@link RequestError} with BRANCH_NOT_FOUND or ACCOUNT_NOT_FOUND */
export async function readAccount(database: Database, { branch, serial }: AccountRef): Promise<AccountState> {
  const [row] = await database.rows<AccountNowRow>(ACCOUNT, [branch, serial]);
  if (row !== undefined) return accountNowFromRow(row);
  await readBranch(database, branch);
  throw accountNotFound({ branch, serial });
}

export function accountNotFound(account: AccountRef): RequestError {
  return new RequestError('ACCOUNT_NOT_FOUND', { account: formatAccountId(account) });
}

/** Which accounts to list. */
export interface AccountFilter {
  readonly branch: number;
  readonly customer: string | undefined;
  readonly includeInternal: boolean;
  /** Only accounts with a higher serial. */
  readonly after: number;
  readonly limit: number;
}

/** Accounts in order of their serials. @throws {@link RequestError} with BRANCH_NOT_FOUND */
export async function readAccounts(database: Database, filter: AccountFilter): Promise<AccountState[]> {
  const { branch, customer, includeInternal, after, limit } = filter;
  const below = includeInternal ? SERIAL_MAX : INTERNAL_SERIAL_MIN - 1;
  const rows =
    customer === undefined
      ? await database.rows<AccountNowRow>(ACCOUNTS, [branch, after, below, limit])
      : await database.rows<AccountNowRow>(ACCOUNTS_OF_CUSTOMER, [branch, after, below, limit, customer]);
  if (rows.length === 0) await readBranch(database, branch);
  return rows.map(accountNowFromRow);
}

/** The account of a customer of the seed's interface, in whichever of the branches it is. */
export async function readSeedAccount(
  database: Database,
  branches: readonly number[],
  customer: string,
): Promise<AccountState | undefined> {
  const [row] = await database.rows<AccountNowRow>(SEED_ACCOUNT, [branches, customer]);
  return row === undefined ? undefined : accountNowFromRow(row);
}

const ACCOUNTS_NOW = `
  select a.*, ${DUE_COLUMNS} from accounts a join branches b on b.branch_id = a.branch_id`;

const ACCOUNT = `${ACCOUNTS_NOW} where a.branch_id = $1 and a.serial = $2`;

const ACCOUNTS = `${ACCOUNTS_NOW}
  where a.branch_id = $1 and a.serial > $2 and a.serial <= $3 order by a.serial limit $4`;

const ACCOUNTS_OF_CUSTOMER = `${ACCOUNTS_NOW}
  where a.branch_id = $1 and a.serial > $2 and a.serial <= $3 and a.customer = $5 order by a.serial limit $4`;

const SEED_ACCOUNT = `${ACCOUNTS_NOW} where a.branch_id = any($1) and a.customer = $2 limit 1`;
