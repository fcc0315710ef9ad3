import { BRANCH_ID_MAX, type BranchServiceService } from '@giro/sdk/protocol';
import { receiptOf } from '../ledger/receipt.js';
import { readBranch, readBranches, readTrialBalance } from '../store/read-branches.js';
import { initializeBranchCommand } from './commands.js';
import { nextPageToken, parsePageSize, parsePageToken } from './page.js';
import { parseBranch } from './parse.js';
import { applied, type Services } from './services.js';
import type { UnaryHandlers } from './unary-service.js';
import { wireBranch } from './wire/branch.js';
import { wirePosition } from './wire/position.js';
import { wireReceipt } from './wire/receipt.js';

/** giro.v1.BranchService */
export function branchService(services: Services): UnaryHandlers<BranchServiceService> {
  const { database } = services;
  return {
    initializeBranch: async (request, context) => {
      const command = initializeBranchCommand(request);
      const { entries, replayed } = await applied(services, command, context);
      return { receipt: wireReceipt(receiptOf(command, entries), replayed) };
    },

    getBranch: async (request) => {
      return { branch: wireBranch(await readBranch(database, parseBranch(request.branch, 'branch'))) };
    },

    listBranches: async (request) => {
      const limit = parsePageSize(request.pageSize);
      const after = parsePageToken(request.pageToken, BRANCH_ID_MAX) ?? -1;
      const branches = await readBranches(database, after, limit);
      return {
        branches: branches.map(wireBranch),
        nextPageToken: nextPageToken(branches, limit, ({ id }) => id),
      };
    },

    getTrialBalance: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const { position, lines } = await readTrialBalance(database, branch);
      return {
        position: wirePosition(branch, position),
        lines: lines.map(({ currency, postedDebits, postedCredits }) => ({
          currency,
          postedDebits: postedDebits.toString(),
          postedCredits: postedCredits.toString(),
        })),
      };
    },
  };
}
