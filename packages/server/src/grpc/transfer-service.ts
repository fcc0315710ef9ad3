import {
  BATCH_COMMANDS_MAX,
  type Command as WireCommand,
  type Outcome as WireOutcome,
  type Reason,
  type TransferServiceService,
} from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import { receiptOf } from '../ledger/receipt.js';
import { RequestError } from '../request-error.js';
import { readWrite } from '../store/read-journal.js';
import { batchCommand, depositCommand, transferCommand, withdrawCommand } from './commands.js';
import { invalid, parseBranch, parseWriteId } from './parse.js';
import { applied, type Services } from './services.js';
import type { CallContext, UnaryHandlers } from './unary-service.js';
import { wireReceipt } from './wire/receipt.js';
import { wireRefusal } from './wire/refusal.js';
import { wireTransfer } from './wire/transfer.js';

/** giro.v1.TransferService */
export function transferService(services: Services): UnaryHandlers<TransferServiceService> {
  const move =
    <Request>(commandOf: (request: Request) => Command) =>
    async (request: Request, context: CallContext) => {
      const command = commandOf(request);
      const { entries, replayed } = await applied(services, command, context);
      return { receipt: wireReceipt(receiptOf(command, entries), replayed) };
    };
  return {
    deposit: move(depositCommand),
    withdraw: move(withdrawCommand),
    transfer: move(transferCommand),

    executeBatch: async ({ commands }, context) => {
      if (commands.length === 0) throw invalid('commands', 'is empty');
      if (commands.length > BATCH_COMMANDS_MAX)
        throw invalid('commands', `has more than ${BATCH_COMMANDS_MAX} items`);
      const items = await Promise.all(commands.map((command) => outcomeOf(services, command, context)));
      const outcomes = items.filter((item): item is WireOutcome => !(item instanceof RequestError));
      if (outcomes.length < items.length) throw undecidedBatch(items);
      return { outcomes };
    },

    getTransfer: async (request) => {
      const branch = parseBranch(request.branch, 'branch');
      const id = parseWriteId(request.id, 'id');
      const transfer = wireTransfer(await readWrite(services.database, branch, id));
      if (transfer === undefined)
        throw new RequestError('TRANSFER_NOT_FOUND', { branch: String(branch), id });
      return { transfer };
    },
  };
}

/** A batch answers item by item: a definite no to one is that one's outcome. An error means that there is none yet. */
async function outcomeOf(
  { committer }: Services,
  item: WireCommand,
  { abandoned, tell }: CallContext,
): Promise<WireOutcome | RequestError> {
  try {
    const command = batchCommand(item);
    const outcome = await committer.submit(command, abandoned);
    if (outcome.kind === 'refused') return refused(outcome.refusal, outcome.replayed);
    const receipt = wireReceipt(receiptOf(command, outcome.entries), outcome.replayed);
    return { outcome: { $case: 'receipt', value: receipt } };
  } catch (error) {
    const told = tell(error);
    return UNDECIDED.has(told.reason) ? told : refused(told, false);
  }
}

/** The error of a batch in which some writes got no decision: the same batch can be sent again, by its ids. */
function undecidedBatch(items: readonly (WireOutcome | RequestError)[]): RequestError {
  const errors = items.filter((item) => item instanceof RequestError);
  const [first] = errors;
  const noneBegun = errors.length === items.length && errors.every(({ reason }) => reason === first?.reason);
  if (first !== undefined && noneBegun) return first;
  const problem = `${errors.length} of the ${items.length} writes got no decision`;
  return new RequestError('OUTCOME_UNKNOWN', problem, first);
}

/** Reasons that are no answer to a write: it was not decided, or nobody knows. */
const UNDECIDED: ReadonlySet<Reason> = new Set<Reason>([
  'UNAVAILABLE',
  'OVERLOADED',
  'OUTCOME_UNKNOWN',
  'CANCELLED',
]);

function refused(refusal: Refusal, replayed: boolean): WireOutcome {
  return { outcome: { $case: 'refusal', value: wireRefusal(refusal, replayed) } };
}
