import { BRANCH_ID_MAX, isBranchId, isCurrency, type BranchServiceService } from '@giro/sdk/protocol';
import type { InterbranchKey } from '../store/read-interbranch.js';
import { branchWrites } from './branch-writes.js';
import { nextPageToken, parsePageSize, parsePageToken, parseTokenText } from './page.js';
import { parseBranch } from './parse.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { wireBranch } from './wire/branch.js';
import { wirePosition, wireTime } from './wire/position.js';
import { wireTrialBalanceLine } from './wire/trial-balance.js';

/** giro.v1.BranchService */
export function branchService(services: Services): ServiceHandlers<BranchServiceService> {
  const { reads } = services;
  return {
    ...branchWrites(services),

    getBranch: async (request) => {
      return { branch: wireBranch(await reads.branch(parseBranch(request.branch, 'branch'))) };
    },

    listBranches: async (request) => {
      const limit = parsePageSize(request.pageSize);
      const after = parsePageToken(request.pageToken, BRANCH_ID_MAX) ?? -1;
      const branches = await reads.branches(after, limit);
      return {
        branches: branches.map(wireBranch),
        nextPageToken: nextPageToken(branches, limit, ({ id }) => id),
      };
    },

    getTrialBalance: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const { position, lines } = await reads.trialBalance(branch);
      return { position: wirePosition(branch, position), lines: lines.map(wireTrialBalanceLine) };
    },

    getBankTrialBalance: async () => {
      const { lines, branches, interbranchMismatches, timeMicros } = await reads.bankTrialBalance();
      return {
        lines: lines.map(wireTrialBalanceLine),
        branches,
        interbranchMismatches,
        time: wireTime(timeMicros),
      };
    },

    listInterbranchPositions: async (request) => {
      const limit = parsePageSize(request.pageSize);
      const branch = request.branch === undefined ? undefined : parseBranch(request.branch, 'branch');
      const after = parseTokenText(request.pageToken, readPairKey);
      const positions = await reads.interbranchPositions({ branch, after, limit });
      return {
        positions: positions.map(({ branch, peer, currency, balance, peerBalance }) => ({
          ...{ branch, peerBranch: peer, currency, balance, peerBalance },
        })),
        nextPageToken: nextPageToken(positions, limit, pairKey),
      };
    },
  };
}

function pairKey({ branch, peer, currency }: InterbranchKey): string {
  return `${branch}.${peer}.${currency}`;
}

function readPairKey(text: string): InterbranchKey | undefined {
  const [low = '', high = '', currency = ''] = text.split('.');
  const key = { branch: Number(low), peer: Number(high), currency };
  const isKey =
    isBranchId(key.branch) && isBranchId(key.peer) && isCurrency(currency) && pairKey(key) === text;
  return isKey ? key : undefined;
}
