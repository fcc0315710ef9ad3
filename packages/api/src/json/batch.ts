import type { BatchCommand, BatchResult } from '@giro/sdk';
import { BATCH_COMMANDS_MAX } from '../bank-limits.js';
import { z } from 'zod';
import { failureOf } from '../http/failure.js';
import { commandId } from '../http/idempotency.js';
import { problemSchema, toProblemJson } from '../problem.js';
import { depositInput, transferInput, withdrawalInput } from './commands.js';
import { writeId } from './ids.js';
import { receiptSchema, toReceiptJson } from './receipt.js';

const id = writeId.optional().meta({
  description: "Any UUID: the id of this command. By default it is made from the batch's Idempotency-Key.",
});

const commandInput = z
  .strictObject({
    deposit: depositInput.extend({ id }).meta({ id: 'DepositCommand' }).optional(),
    withdraw: withdrawalInput.extend({ id }).meta({ id: 'WithdrawCommand' }).optional(),
    transfer: transferInput.extend({ id }).meta({ id: 'TransferCommand' }).optional(),
  })
  .refine(
    (command) => Object.keys(command).length === 1,
    'must hold exactly one of deposit, withdraw and transfer',
  )
  .meta({ id: 'Command', minProperties: 1, maxProperties: 1 });

type CommandInput = z.output<typeof commandInput>;

/** Many writes at once. */
export const batchInput = z
  .strictObject({ commands: z.array(commandInput).min(1).max(BATCH_COMMANDS_MAX) })
  .meta({ id: 'BatchRequest' });

/** The commands for the SDK, each with its own id or the one that the batch's id gives it. */
export function toBatchCommands(commands: readonly CommandInput[], batchId: string): BatchCommand[] {
  return commands.flatMap(({ deposit, withdraw, transfer }, index): BatchCommand[] => {
    const defaultId = commandId(batchId, index);
    return [
      ...(deposit === undefined ? [] : [{ deposit: { ...deposit, id: deposit.id ?? defaultId } }]),
      ...(withdraw === undefined ? [] : [{ withdraw: { ...withdraw, id: withdraw.id ?? defaultId } }]),
      ...(transfer === undefined ? [] : [{ transfer: { ...transfer, id: transfer.id ?? defaultId } }]),
    ];
  });
}

/** What became of one command. */
const batchResultSchema = z
  .union([
    z.object({ ok: z.literal(true), id: z.string(), receipt: receiptSchema }).meta({ id: 'AppliedResult' }),
    z.object({ ok: z.literal(false), id: z.string(), error: problemSchema }).meta({ id: 'FailedResult' }),
  ])
  .meta({ id: 'BatchResult' });

export const batchResultsSchema = z
  .object({
    results: z
      .array(batchResultSchema)
      .meta({ description: 'One per command, in the order of the commands.' }),
  })
  .meta({ id: 'BatchResults' });

type BatchResultJson = z.output<typeof batchResultSchema>;

export function toBatchResultJson(
  result: BatchResult,
  command: CommandInput,
  requestId: string,
): BatchResultJson {
  const { ok, id } = result;
  if (ok) return { ok, id, receipt: toReceiptJson(result.receipt) };
  const body = command.deposit ?? command.withdraw ?? command.transfer;
  return { ok, id, error: toProblemJson(failureOf(result.error), requestId, { body }) };
}
