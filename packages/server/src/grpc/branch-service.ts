import type { BranchServiceServer } from '@giro/sdk/protocol';
import { receiptOf } from '../ledger/receipt.js';
import { readBranch, readBranches, readTrialBalance } from '../store/read-branches.js';
import { initializeBranchCommand } from './commands.js';
import { nextPageToken, parsePageSize, parsePageToken } from './page.js';
import { parseBranch } from './parse.js';
import { applied, type Services } from './services.js';
import { unary } from './unary.js';
import { wireBranch, wirePosition, wireReceipt } from './wire.js';

/** giro.v1.BranchService */
export function branchService(services: Services): BranchServiceServer {
  const { database, log } = services;
  return {
    initializeBranch: unary(log, async (request, context) => {
      const command = initializeBranchCommand(request);
      const { entries, replayed } = await applied(services, command, context);
      return { receipt: wireReceipt(receiptOf(command, entries), replayed) };
    }),

    getBranch: unary(log, async (request) => {
      return { branch: wireBranch(await readBranch(database, parseBranch(request.branch, 'branch'))) };
    }),

    listBranches: unary(log, async (request) => {
      const limit = parsePageSize(request.pageSize);
      const after = parsePageToken(request.pageToken) ?? -1;
      const branches = await readBranches(database, after, limit);
      return {
        branches: branches.map(wireBranch),
        nextPageToken: nextPageToken(branches, limit, ({ id }) => id),
      };
    }),

    getTrialBalance: unary(log, async (request) => {
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
    }),
  };
}
