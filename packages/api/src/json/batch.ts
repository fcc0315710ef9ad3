import { BATCH_COMMANDS_MAX } from '@giro/sdk';
import type { BatchCommand, BatchResult, GroupMember } from '@giro/sdk';
import { z } from 'zod';
import { failureOf } from '../http/failure.js';
import { commandId } from '../http/idempotency.js';
import { problemSchema, toProblemJson } from '../problem.js';
import { commandInput } from './commands.js';
import type { memberInput } from './commands.js';
import { groupReceiptSchema, receiptSchema, toGroupReceiptJson, toReceiptJson } from './receipt.js';

type MemberInput = z.output<typeof memberInput>;

type CommandInput = z.output<typeof commandInput>;

/** Many writes at once. */
export const batchInput = z
  .strictObject({ commands: z.array(commandInput).min(1).max(BATCH_COMMANDS_MAX) })
  .meta({ id: 'BatchRequest' });

/** The commands for the SDK, each with its own id or the one that the batch's id gives it. */
export function toBatchCommands(commands: readonly CommandInput[], batchId: string): BatchCommand[] {
  return commands.flatMap((command, index) => toCommand(command, () => commandId(batchId, index)));
}

/** The members of a group for the SDK, each with its own id or the one that the group's id gives it. */
export function toGroupMembers(members: readonly MemberInput[], groupId: string): GroupMember[] {
  return members.flatMap((member, index) => toMember(member, () => commandId(groupId, index)));
}

/** What became of one command. */
const batchResultSchema = z
  .union([
    z
      .object({
        ok: z.literal(true),
        id: z.string(),
        // The one with members first, since the other takes it, too.
        receipt: z.union([groupReceiptSchema, receiptSchema]),
      })
      .meta({ id: 'AppliedResult' }),
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
  if (!ok) {
    const [body] = Object.values(command);
    return { ok, id, error: toProblemJson(failureOf(result.error), requestId, { body }) };
  }
  const { receipt } = result;
  return { ok, id, receipt: 'members' in receipt ? toGroupReceiptJson(receipt) : toReceiptJson(receipt) };
}

/** @returns the one command that there is by its schema */
function toCommand(
  { reverseTransfer, group, ...member }: CommandInput,
  defaultId: () => string,
): BatchCommand[] {
  if (reverseTransfer !== undefined) return [{ reverseTransfer: withId(reverseTransfer, defaultId) }];
  if (group === undefined) return toMember(member, defaultId);
  const named = withId(group, defaultId);
  return [{ group: { ...named, members: toGroupMembers(named.members, named.id) } }];
}

function toMember(member: MemberInput, defaultId: () => string): GroupMember[] {
  const { deposit, withdraw, transfer, operatorTransfer, placeHold, captureHold, releaseHold } = member;
  return [
    ...(deposit === undefined ? [] : [{ deposit: withId(deposit, defaultId) }]),
    ...(withdraw === undefined ? [] : [{ withdraw: withId(withdraw, defaultId) }]),
    ...(transfer === undefined ? [] : [{ transfer: withId(transfer, defaultId) }]),
    ...(operatorTransfer === undefined ? [] : [{ operatorTransfer: withId(operatorTransfer, defaultId) }]),
    ...(placeHold === undefined ? [] : [{ placeHold: withId(placeHold, defaultId) }]),
    ...(captureHold === undefined ? [] : [{ captureHold: withId(captureHold, defaultId) }]),
    ...(releaseHold === undefined ? [] : [{ releaseHold: withId(releaseHold, defaultId) }]),
  ];
}

function withId<Body extends { readonly id?: string | undefined }>(
  body: Body,
  defaultId: () => string,
): Body & { readonly id: string } {
  return { ...body, id: body.id ?? defaultId() };
}
