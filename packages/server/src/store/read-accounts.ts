import { formatAccountId, INTERNAL_SERIAL_MIN, SERIAL_MAX, type AccountRef } from '@giro/sdk/protocol';
import type { AccountState } from '../ledger/state.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { readBranch } from './read-branches.js';
import { accountFromRow, type AccountRow } from './rows.js';

/** @throws {@link RequestError} with BRANCH_NOT_FOUND or ACCOUNT_NOT_FOUND */
export async function readAccount(database: Database, { branch, serial }: AccountRef): Promise<AccountState> {
  const text = 'select * from accounts where branch_id = $1 and serial = $2';
  const [row] = await database.rows<AccountRow>(text, [branch, serial]);
  if (row !== undefined) return accountFromRow(row);
  await readBranch(database, branch);
  throw new RequestError('ACCOUNT_NOT_FOUND', { account: formatAccountId({ branch, serial }) });
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
      ? await database.rows<AccountRow>(ACCOUNTS, [branch, after, below, limit])
      : await database.rows<AccountRow>(ACCOUNTS_OF_CUSTOMER, [branch, after, below, limit, customer]);
  if (rows.length === 0) await readBranch(database, branch);
  return rows.map(accountFromRow);
}

/** The account of a customer of the seed's interface, in whichever of the branches it is. */
export async function readSeedAccount(
  database: Database,
  branches: readonly number[],
  customer: string,
): Promise<AccountState | undefined> {
  const text = 'select * from accounts where branch_id = any($1) and customer = $2 limit 1';
  const [row] = await database.rows<AccountRow>(text, [branches, customer]);
  return row === undefined ? undefined : accountFromRow(row);
}

const ACCOUNTS = `
  select * from accounts where branch_id = $1 and serial > $2 and serial <= $3 order by serial limit $4`;

const ACCOUNTS_OF_CUSTOMER = `
  select * from accounts where branch_id = $1 and serial > $2 and serial <= $3 and customer = $5
  order by serial limit $4`;
