import { BankError } from '../errors/bank-error.js';
import { invalidField, UnknownOutcomeError } from '../errors/failures.js';
import { show } from '../errors/show.js';
import type { Refusal } from '../gen/giro/v1/receipt.js';
import {
  TransferServiceDefinition,
  type Command,
  type ExecuteBatchResponse,
} from '../gen/giro/v1/transfer_service.js';
import { BATCH_COMMANDS_MAX } from '../limits.js';
import { present } from './answer.js';
import { checkCallOptions, checkFields } from './arguments.js';
import type { Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import { errorOf, refusedItem } from './failure.js';
import { method } from './method.js';
import {
  checkDeposit,
  checkTransfer,
  checkWithdraw,
  type DepositParams,
  type TransferParams,
  type WithdrawParams,
} from './moves.js';
import type { CallOptions } from './options.js';
import { receiptFrom, type Receipt } from './receipt.js';

/** One write of a batch. */
export type BatchCommand =
  | { readonly deposit: DepositParams }
  | { readonly withdraw: WithdrawParams }
  | { readonly transfer: TransferParams };

/** What became of one write of a batch. */
export type BatchResult =
  | { readonly ok: true; readonly id: string; readonly receipt: Receipt }
  /** A refusal, or what kept the write's answer away; an {@link UnknownOutcomeError} if it may have been applied. */
  | { readonly ok: false; readonly id: string; readonly error: BankError };

/**
 * Runs a batch. The commands of each server's branches go there in requests of at most {@link BATCH_COMMANDS_MAX}, one
 * after the other, since commands that debit one branch apply in the order given. The servers work at the same time.
 */
export async function runBatch(
  caller: Caller,
  commands: readonly BatchCommand[],
  options: CallOptions = {},
): Promise<BatchResult[]> {
  const checked = checkCommands(commands);
  checkCallOptions(options);
  const groups = new Map<string, CheckedCommand[]>();
  for (const command of checked) {
    const home = caller.home(command.branch);
    const group = groups.get(home);
    if (group === undefined) groups.set(home, [command]);
    else group.push(command);
  }
  return caller.track(async () => {
    const results: BatchResult[] = [];
    const runGroup = async (group: readonly CheckedCommand[]) => {
      for (let start = 0; start < group.length; start += BATCH_COMMANDS_MAX) {
        const part = group.slice(start, start + BATCH_COMMANDS_MAX);
        const partResults = await runPart(caller, part, options);
        part.forEach(({ index }, i) => (results[index] = present(partResults[i], 'result')));
      }
    };
    await Promise.all(Array.from(groups.values(), runGroup));
    return results;
  });
}

interface CheckedCommand {
  /** Where it stands among all commands. */
  readonly index: number;
  readonly id: string;
  readonly branch: number;
  readonly command: Command;
}

/** One request. If it fails as a whole, each of its commands gets that failure. */
async function runPart(
  caller: Caller,
  part: readonly CheckedCommand[],
  options: CallOptions,
): Promise<BatchResult[]> {
  const [first] = part;
  const request = { commands: part.map(({ command }) => command) };
  const read = (answer: ExecuteBatchResponse, made: Attempts) => readOutcomes(part, answer, made);
  try {
    return await caller.perform(
      { method: executeBatch, request, branch: present(first, 'command').branch, read },
      options,
    );
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
    return part.map(({ id }) => ({ ok: false, id, error: errorOfItem(error, id) }));
  }
}

function readOutcomes(
  part: readonly CheckedCommand[],
  { outcomes }: ExecuteBatchResponse,
  made: Attempts,
): BatchResult[] {
  if (outcomes.length !== part.length) {
    throw new Error(`${outcomes.length} outcomes for ${part.length} commands`);
  }
  return part.map(({ id }, i) => {
    const outcome = present(outcomes[i]?.outcome, `outcomes[${i}]`);
    if (outcome.$case === 'groupReceipt') throw new Error('a group receipt for a single write');
    return outcome.$case === 'receipt'
      ? { ok: true, id, receipt: receiptFrom(outcome.value) }
      : { ok: false, id, error: refusalFrom(outcome.value, id, made) };
  });
}

/** A refusal says nothing of an earlier attempt whose answer was lost, unless it is the answer to the id. */
function refusalFrom(refusal: Refusal, id: string, { attempts, mayBeApplied }: Attempts): BankError {
  const failure = refusedItem(refusal);
  const call = { where: executeBatch.path, attempts, writeId: id };
  return errorOf(failure, { ...call, mayBeApplied: mayBeApplied || failure.mayBeApplied });
}

/** An unknown outcome is told of by the id of each command. */
function errorOfItem(error: BankError, id: string): BankError {
  if (!(error instanceof UnknownOutcomeError)) return error;
  return new UnknownOutcomeError({
    reason: error.reason,
    metadata: { ...error.metadata, id },
    where: executeBatch.path,
    attempts: error.attempts,
    cause: error.cause,
  });
}

function checkCommands(commands: unknown): CheckedCommand[] {
  if (!Array.isArray(commands)) {
    throw invalidField('commands', `${show(commands)} given; must be an array of commands`);
  }
  return commands.map((command: unknown, index) => ({
    index,
    ...checkCommand(command, `commands[${index}]`),
  }));
}

function checkCommand(command: unknown, field: string): Omit<CheckedCommand, 'index'> {
  const given = Object.entries(checkFields(command, field)).filter(([, params]) => params !== undefined);
  const [kind, params] = given.length === 1 ? (given[0] ?? []) : [];
  const at = `${field}.${kind ?? ''}`;
  if (kind === 'deposit') {
    const { request, ...move } = checkDeposit(params, at);
    return { ...move, command: { command: { $case: kind, value: request } } };
  }
  if (kind === 'withdraw') {
    const { request, ...move } = checkWithdraw(params, at);
    return { ...move, command: { command: { $case: kind, value: request } } };
  }
  if (kind === 'transfer') {
    const { request, ...move } = checkTransfer(params, at);
    return { ...move, command: { command: { $case: kind, value: request } } };
  }
  throw invalidField(field, "must have exactly one of 'deposit', 'withdraw' and 'transfer'");
}

const executeBatch = method(TransferServiceDefinition, TransferServiceDefinition.methods.executeBatch);
