import type { AbandonWriteResponse, TransferServiceService } from '@giro/sdk/protocol';
import type { Outcome } from '../ledger/execute.js';
import { placedHoldOf } from '../ledger/hold-view.js';
import { receiptOf } from '../ledger/receipt.js';
import { RequestError } from '../request-error.js';
import { executeBatch } from './batch.js';
import { groupCommand, reverseGroupCommand } from './commands/group-commands.js';
import { captureHoldCommand, placeHoldCommand, releaseHoldCommand } from './commands/hold-commands.js';
import {
  abandonCommand,
  depositCommand,
  operatorTransferCommand,
  reverseTransferCommand,
  transferCommand,
  withdrawCommand,
} from './commands/transfer-commands.js';
import type { ServiceHandlers } from './service.js';
import type { Services } from './services.js';
import { wireHold } from './wire/hold.js';
import { wireReceipt } from './wire/receipt.js';
import { wireRefusal } from './wire/refusal.js';
import { groupReceiptAnswer, receiptAnswer, writeHandler } from './write-handler.js';

type TransferWrites = Omit<
  ServiceHandlers<TransferServiceService>,
  'getTransfer' | 'getTransfers' | 'getGroup' | 'getHold' | 'listHolds'
>;

/** What moves money, or reserves it. */
export function transferWrites(services: Services): TransferWrites {
  return {
    deposit: writeHandler(services, depositCommand, receiptAnswer),
    withdraw: writeHandler(services, withdrawCommand, receiptAnswer),
    transfer: writeHandler(services, transferCommand, receiptAnswer),
    operatorTransfer: writeHandler(services, operatorTransferCommand, receiptAnswer),
    placeHold: writeHandler(services, placeHoldCommand, (outcome) => ({
      hold: wireHold(placedHoldOf(outcome.entries)),
      ...receiptAnswer(outcome),
    })),
    captureHold: writeHandler(services, captureHoldCommand, receiptAnswer),
    releaseHold: writeHandler(services, releaseHoldCommand, receiptAnswer),
    reverseTransfer: writeHandler(services, reverseTransferCommand, receiptAnswer),
    executeGroup: writeHandler(services, groupCommand, groupReceiptAnswer),
    reverseGroup: writeHandler(services, reverseGroupCommand, groupReceiptAnswer),
    executeBatch: (request, context) => executeBatch(services, request, context),

    abandonWrite: async (request, { abandoned }) =>
      abandonment(await services.committer.submit(abandonCommand(request), abandoned)),
  };
}

/** What became of a write that was to be abandoned (R13): whatever it is, it is an answer and no error. */
function abandonment(outcome: Outcome): AbandonWriteResponse {
  if (outcome.kind === 'applied') {
    const [position] = wireReceipt(receiptOf(outcome.entries), true).positions;
    return { outcome: position && { $case: 'applied', value: position } };
  }
  const { refusal, replayed } = outcome;
  if (refusal.reason === 'BRANCH_NOT_FOUND') throw new RequestError(refusal.reason, refusal.metadata);
  const $case = refusal.reason === 'ABANDONED' ? 'abandoned' : 'refused';
  return { outcome: { $case, value: wireRefusal(refusal, replayed) } };
}
