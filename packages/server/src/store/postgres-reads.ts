import type { Database } from './database.js';
import { readAccount, readAccounts, readSeedAccount } from './read-accounts.js';
import { readBalances, readBalancesAt } from './read-balances.js';
import { readBranch, readBranches, someBranchExists } from './read-branches.js';
import { readBranchesWithDueHolds } from './read-due-branches.js';
import { readGroup } from './read-groups.js';
import { readHold, readHolds } from './read-holds.js';
import { readInterbranchPositions } from './read-interbranch.js';
import { readEntries } from './read-journal.js';
import { proveEntry } from './read-proof.js';
import { readStatement } from './read-statement.js';
import { readTransfers } from './read-transfers.js';
import { readBankTrialBalance, readTrialBalance } from './read-trial-balance.js';
import { glanceAtHeads, readWatchPage } from './read-watch-page.js';
import type { Reads } from './reads.js';
import { verifyBranch } from './verify-branch.js';

/**
 * What can be asked of PostgreSQL.
 *
 * @param url - of the same database: a verification takes a connection of its own
 */
export function postgresReads(database: Database, url: string): Reads {
  return {
    account: (account) => readAccount(database, account),
    accounts: (filter) => readAccounts(database, filter),
    seedAccount: (branches, customer) => readSeedAccount(database, branches, customer),
    balances: (accounts) => readBalances(database, accounts),
    balancesAt: (accounts, moment) => readBalancesAt(database, accounts, moment),
    branch: (branch) => readBranch(database, branch),
    branches: (after, limit) => readBranches(database, after, limit),
    someBranchExists: (branches) => someBranchExists(database, branches),
    branchesWithDueHolds: () => readBranchesWithDueHolds(database),
    group: (branch, id) => readGroup(database, branch, id),
    hold: (branch, id) => readHold(database, branch, id),
    holds: (filter) => readHolds(database, filter),
    interbranchPositions: (filter) => readInterbranchPositions(database, filter),
    entries: (branch, after, limit) => readEntries(database, branch, after, limit),
    provenEntry: (branch, position) => proveEntry(database, branch, position),
    statement: (filter) => readStatement(database, filter),
    transfers: (refs) => readTransfers(database, refs),
    trialBalance: (branch) => readTrialBalance(database, branch),
    bankTrialBalance: () => readBankTrialBalance(database),
    watchPage: (place, limit) => readWatchPage(database, place, limit),
    glanceAtHeads: (branches) => glanceAtHeads(database, branches),
    async *verification(branch, trusted) {
      for await (const event of verifyBranch(url, branch, trusted)) {
        // Any read that ends now has waited for all that was read before (R11).
        if (event.kind === 'result') await database.rows('select', []);
        yield event;
      }
    },
  };
}
