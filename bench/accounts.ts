import { formatAccountId } from '@giro/sdk/protocol';

/** Branches of the bank that is measured: 0 to 9. */
export const BRANCHES = 10;

/** Accounts that the points use, spread evenly over the branches. */
export const ACTIVE_ACCOUNTS = 10_000;

/** Accounts of each branch that have a history from the start, for statements to be read of. */
export const HISTORY_ACCOUNTS_PER_BRANCH = 10;

/** Transfers between the accounts with a history: each has about twice as many postings as fit on a page. */
export const HISTORY_TRANSFERS = 10_000;

/** Enough for any number of transfers of one minor unit. */
export const INITIAL_BALANCE = 1_000_000_000n;

export const CURRENCY = 'USD';

/** Active accounts of each branch. */
export const PER_BRANCH = ACTIVE_ACCOUNTS / BRANCHES;

/** The first accounts of each branch, branch by branch: a branch gives its customers serials from 1. */
export function accountIds(count: number = ACTIVE_ACCOUNTS): string[] {
  const perBranch = count / BRANCHES;
  return Array.from({ length: count }, (_, index) =>
    formatAccountId({ branch: Math.floor(index / perBranch), serial: (index % perBranch) + 1 }),
  );
}

/** The accounts with a history. */
export function historyAccounts(): string[] {
  return accountIds(HISTORY_ACCOUNTS_PER_BRANCH * BRANCHES);
}
