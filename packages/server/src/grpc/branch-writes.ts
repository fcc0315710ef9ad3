import type { BranchServiceService } from '@giro/sdk/protocol';
import {
  addCashCommand,
  closeBranchCommand,
  initializeBranchCommand,
  removeCashCommand,
} from './commands/branch-commands.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { receiptAnswer, writeHandler } from './write-handler.js';

type BranchWrites = Pick<
  ServiceHandlers<BranchServiceService>,
  'initializeBranch' | 'addCash' | 'removeCash' | 'closeBranch'
>;

/** What changes branches. */
export function branchWrites(services: Services): BranchWrites {
  return {
    initializeBranch: writeHandler(services, initializeBranchCommand, receiptAnswer),
    addCash: writeHandler(services, addCashCommand, receiptAnswer),
    removeCash: writeHandler(services, removeCashCommand, receiptAnswer),
    closeBranch: writeHandler(services, closeBranchCommand, receiptAnswer),
  };
}
