import {
  BATCH_COMMANDS_MAX,
  GROUP_MEMBERS_MAX,
  type Command as WireCommand,
  type ExecuteBatchRequest,
  type ExecuteBatchResponse,
  type Outcome as WireOutcome,
  type Reason,
} from '@giro/sdk/protocol';
import type { Settled } from '../commit/committer.js';
import type { Command } from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import type { Outcome } from '../ledger/execute.js';
import { groupReceiptOf, receiptOf } from '../ledger/receipt.js';
import { RequestError } from '../request-error.js';
import { batchCommand } from './commands/group-commands.js';
import { invalid } from './parse.js';
import type { Services } from './services.js';
import type { CallContext } from './unary-call.js';
import { wireGroupReceipt, wireReceipt } from './wire/receipt.js';
import { wireRefusal } from './wire/refusal.js';

/** Many writes in one request, each with its own outcome. */
export async function executeBatch(
  services: Services,
  { commands }: ExecuteBatchRequest,
  context: CallContext,
): Promise<ExecuteBatchResponse> {
  if (commands.length === 0) throw invalid('commands', 'is empty');
  const writes = commands.reduce((sum, { command }) => sum + writesIn(command), 0);
  if (writes > BATCH_COMMANDS_MAX) {
    throw invalid('commands', `has more than ${BATCH_COMMANDS_MAX} items, members of groups counted`);
  }
  const items = parsed(commands, context);
  const settled = await services.committer.submitAll(
    items.filter((item): item is Command => !(item instanceof RequestError)),
    context.abandoned,
  );
  let next = 0;
  const answers = items.map((item) =>
    item instanceof RequestError ? refused(item, false) : answerTo(item, settled[next++], context),
  );
  const outcomes = answers.filter((answer): answer is WireOutcome => !(answer instanceof RequestError));
  if (outcomes.length < answers.length) throw undecidedBatch(answers);
  return { outcomes };
}

/** The commands, or what is wrong with them. */
function parsed(commands: readonly WireCommand[], { tell }: CallContext): (Command | RequestError)[] {
  return commands.map((command) => {
    try {
      return batchCommand(command);
    } catch (error) {
      return tell(error);
    }
  });
}

/** A batch answers item by item: a definite no to one is that one's outcome. An error means that there is none yet. */
function answerTo(
  command: Command,
  settled: Settled | undefined,
  { tell }: CallContext,
): WireOutcome | RequestError {
  if (settled === undefined || settled instanceof RequestError) {
    const told = tell(settled);
    return UNDECIDED.has(told.reason) ? told : refused(told, false);
  }
  if (settled.kind === 'refused') return refused(settled.refusal, settled.replayed);
  return { outcome: appliedOutcome(command.kind === 'group', settled) };
}

function writesIn(command: WireCommand['command']): number {
  return command?.$case === 'group' ? Math.min(command.value.members.length, GROUP_MEMBERS_MAX) : 1;
}

function appliedOutcome(
  isGroup: boolean,
  { entries, replayed }: Extract<Outcome, { kind: 'applied' }>,
): WireOutcome['outcome'] {
  return isGroup
    ? { $case: 'groupReceipt', value: wireGroupReceipt(groupReceiptOf(entries), replayed) }
    : { $case: 'receipt', value: wireReceipt(receiptOf(entries), replayed) };
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
