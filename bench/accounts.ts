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

/** The accounts that the points use, branch by branch: a branch gives its customers serials from 1. */
export function activeAccounts(): string[] {
  return Array.from({ length: ACTIVE_ACCOUNTS }, (_, index) => accountAt(index));
}

/** The accounts with a history. */
export function historyAccounts(): string[] {
  return activeAccounts().filter((_, index) => index % PER_BRANCH < HISTORY_ACCOUNTS_PER_BRANCH);
}

/** Active accounts of each branch. */
export const PER_BRANCH = ACTIVE_ACCOUNTS / BRANCHES;

function accountAt(index: number): string {
  return formatAccountId({ branch: Math.floor(index / PER_BRANCH), serial: (index % PER_BRANCH) + 1 });
}
