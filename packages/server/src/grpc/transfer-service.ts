import {
  BATCH_COMMANDS_MAX,
  type Outcome as WireOutcome,
  type TransferServiceServer,
} from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import { receiptOf } from '../ledger/receipt.js';
import { RequestError } from '../request-error.js';
import { readWrite } from '../store/read-journal.js';
import { batchCommand, depositCommand, transferCommand, withdrawCommand } from './commands.js';
import { invalid, parseBranch, parseWriteId } from './parse.js';
import { applied, type Services } from './services.js';
import { unary, type CallContext } from './unary.js';
import { wireReceipt, wireRefusal, wireTransfer } from './wire.js';

/** giro.v1.TransferService */
export function transferService(services: Services): TransferServiceServer {
  const { database, log } = services;
  const move = <Request>(commandOf: (request: Request) => Command) =>
    unary(log, async (request: Request, context) => {
      const command = commandOf(request);
      const { entries, replayed } = await applied(services, command, context);
      return { receipt: wireReceipt(receiptOf(command, entries), replayed) };
    });
  return {
    deposit: move(depositCommand),
    withdraw: move(withdrawCommand),
    transfer: move(transferCommand),

    executeBatch: unary(log, async ({ commands }, context) => {
      if (commands.length === 0) throw invalid('commands', 'is empty');
      if (commands.length > BATCH_COMMANDS_MAX)
        throw invalid('commands', `has more than ${BATCH_COMMANDS_MAX} items`);
      const outcomes = await Promise.all(
        commands.map((command) => outcomeOf(services, () => batchCommand(command), context)),
      );
      return { outcomes };
    }),

    getTransfer: unary(log, async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const id = parseWriteId(request.id, 'id');
      const transfer = wireTransfer(await readWrite(database, branch, id));
      if (transfer === undefined)
        throw new RequestError('TRANSFER_NOT_FOUND', { branch: String(branch), id });
      return { transfer };
    }),
  };
}

/** A batch answers item by item: what is wrong with one is that one's outcome. */
async function outcomeOf(
  { committer }: Services,
  commandOf: () => Command,
  { abandoned }: CallContext,
): Promise<WireOutcome> {
  try {
    const command = commandOf();
    const outcome = await committer.submit(command, abandoned);
    if (outcome.kind === 'refused') return refused(wireRefusal(outcome.refusal, outcome.replayed));
    const receipt = wireReceipt(receiptOf(command, outcome.entries), outcome.replayed);
    return { outcome: { $case: 'receipt', value: receipt } };
  } catch (error) {
    if (error instanceof RequestError) return refused(wireRefusal(error, false));
    throw error;
  }
}

function refused(value: ReturnType<typeof wireRefusal>): WireOutcome {
  return { outcome: { $case: 'refusal', value } };
}
