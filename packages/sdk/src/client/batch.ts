import { BankError } from '../errors/bank-error.js';
import { UnknownOutcomeError, type Resend } from '../errors/failures.js';
import type { Refusal } from '../gen/giro/v1/receipt.js';
import {
  TransferServiceDefinition,
  type ExecuteBatchResponse,
  type Outcome,
} from '../gen/giro/v1/transfer_service.js';
import { BATCH_COMMANDS_MAX, MESSAGE_BYTES_MAX } from '../limits.js';
import { present } from './answer.js';
import { checkCallOptions, checkItems } from './arguments.js';
import type { Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import { commandBytesMax, encodedCommandBytes } from './command-bytes.js';
import { checkCommand, type BatchCommand, type CheckedCommand } from './command.js';
import { errorOf, refusedItem } from './failure.js';
import { groupFailureOf } from './group-failure.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { groupReceiptFrom, receiptFrom, type GroupReceipt, type Receipt } from './receipt.js';

/** What became of one write of a batch. */
export type BatchResult =
  /** The receipt of a group has its `members`. */
  | { readonly ok: true; readonly id: string; readonly receipt: Receipt | GroupReceipt }
  /** A refusal, or what kept the write's answer away; an {@link UnknownOutcomeError} if it may have been applied. */
  | { readonly ok: false; readonly id: string; readonly error: BankError };

/**
 * Runs a batch. The commands of each server's branches go there in requests that it takes, one after the other, since
 * commands that debit one branch apply in the order given. The servers work at the same time.
 */
export async function runBatch(
  caller: Caller,
  commands: readonly BatchCommand[],
  options: CallOptions = {},
): Promise<BatchResult[]> {
  const checked = checkCommands(commands);
  checkCallOptions(options);
  const byServer = new Map<string, BatchItem[]>();
  for (const item of checked) {
    const home = caller.home(item.branch);
    const items = byServer.get(home);
    if (items === undefined) byServer.set(home, [item]);
    else items.push(item);
  }
  return caller.track(async () => {
    const results: BatchResult[] = [];
    const runItems = async (items: readonly BatchItem[]) => {
      for (const part of partsOf(items)) {
        const partResults = await runPart(caller, part, options);
        part.forEach(({ index }, i) => (results[index] = present(partResults[i], 'result')));
      }
    };
    await Promise.all(Array.from(byServer.values(), runItems));
    return results;
  });
}

interface BatchItem extends CheckedCommand {
  /** Where it stands among all commands. */
  readonly index: number;
}

/**
 * Cuts commands into requests, each within {@link BATCH_COMMANDS_MAX}, a group's members counted since each has its
 * receipt in the answer, and within {@link MESSAGE_BYTES_MAX}. A group that is too large by itself is alone in its request.
 */
function* partsOf(items: readonly BatchItem[]): Generator<BatchItem[], void, undefined> {
  let part: BatchItem[] = [];
  let writes = 0;
  let bytes = 0;
  for (const item of items) {
    const itemWrites = item.memberIds?.length ?? 1;
    const itemBytes = bytesOf(item);
    if (
      part.length > 0 &&
      (writes + itemWrites > BATCH_COMMANDS_MAX || bytes + itemBytes > MESSAGE_BYTES_MAX)
    ) {
      yield part;
      [part, writes, bytes] = [[], 0, 0];
    }
    part.push(item);
    writes += itemWrites;
    bytes += itemBytes;
  }
  if (part.length > 0) yield part;
}

function bytesOf({ command, memberIds }: BatchItem): number {
  return memberIds === undefined ? commandBytesMax(command) : encodedCommandBytes(command);
}

/** One request. If it fails as a whole, each of its commands gets that failure. */
async function runPart(
  caller: Caller,
  part: readonly BatchItem[],
  options: CallOptions,
): Promise<BatchResult[]> {
  const [first] = part;
  const request = { commands: part.map(({ command }) => command) };
  const read = (answer: ExecuteBatchResponse, made: Attempts) =>
    readOutcomes(part, answer, made, (item) => resendOf(caller, item));
  try {
    return await caller.perform(
      { method: executeBatch, request, branch: present(first, 'command').branch, read },
      options,
    );
  } catch (error) {
    if (!(error instanceof BankError)) throw error;
    return part.map((item) => ({
      ok: false,
      id: item.id,
      error: errorOfItem(error, item, resendOf(caller, item)),
    }));
  }
}

function readOutcomes(
  part: readonly BatchItem[],
  { outcomes }: ExecuteBatchResponse,
  made: Attempts,
  resend: (item: BatchItem) => Resend,
): BatchResult[] {
  if (outcomes.length !== part.length) {
    throw new Error(`${outcomes.length} outcomes for ${part.length} commands`);
  }
  return part.map((item, i) => resultOf(item, present(outcomes[i]?.outcome, `outcomes[${i}]`), made, resend));
}

function resultOf(
  item: BatchItem,
  outcome: NonNullable<Outcome['outcome']>,
  made: Attempts,
  resend: (item: BatchItem) => Resend,
): BatchResult {
  const { id, memberIds } = item;
  if (outcome.$case === 'refusal') {
    const error = refusalFrom(outcome.value, id, made, resend(item));
    return { ok: false, id, error: memberIds === undefined ? error : groupFailureOf(error, memberIds) };
  }
  if ((outcome.$case === 'groupReceipt') !== (memberIds !== undefined)) {
    throw new Error(`a ${outcome.$case} for ${memberIds === undefined ? 'a single write' : 'a group'}`);
  }
  const receipt =
    outcome.$case === 'groupReceipt' ? groupReceiptFrom(outcome.value) : receiptFrom(outcome.value);
  return { ok: true, id, receipt };
}

/** A refusal says nothing of an earlier attempt whose answer was lost, unless it is the answer to the id. */
function refusalFrom(
  refusal: Refusal,
  id: string,
  { attempts, mayBeApplied }: Attempts,
  resend: Resend,
): BankError {
  const failure = refusedItem(refusal);
  const call = { where: executeBatch.path, attempts, writeId: id, resend };
  return errorOf(failure, { ...call, mayBeApplied: mayBeApplied || failure.mayBeApplied });
}

/** An unknown outcome is told of by the id of each command. */
function errorOfItem(error: BankError, { id }: BatchItem, resend: Resend): BankError {
  if (!(error instanceof UnknownOutcomeError)) return error;
  return new UnknownOutcomeError({
    reason: error.reason,
    metadata: { ...error.metadata, id },
    where: executeBatch.path,
    attempts: error.attempts,
    earlierAttempts: error.earlierAttempts,
    cause: error.cause,
    resend,
  });
}

/** Makes one command of a batch again, alone. */
function resendOf(caller: Caller, item: BatchItem): Resend {
  return async (options = {}) => {
    const [result] = await caller.track(() => runPart(caller, [item], options));
    const told = present(result, 'result');
    if (told.ok) return told.receipt;
    throw told.error;
  };
}

function checkCommands(commands: unknown): BatchItem[] {
  return checkItems(commands, 'commands', { min: 0, max: Infinity }, checkCommand).map((command, index) => ({
    index,
    ...command,
  }));
}

const executeBatch = method(TransferServiceDefinition, TransferServiceDefinition.methods.executeBatch);
