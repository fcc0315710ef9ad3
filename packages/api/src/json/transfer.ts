import { LOOKUP_ITEMS_MAX } from '@giro/sdk';
import type { FoundTransfers, Transfer } from '@giro/sdk';
import { z } from 'zod';
import { branchId, writeId } from './ids.js';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';
import { notesFields } from './write.js';

/** What made a transfer. */
const transferKind = z.enum([
  'deposit',
  'withdrawal',
  'transfer',
  'operator',
  'capture',
  'reversal',
  'cash-added',
  'cash-removed',
  'unknown',
]);

export const transferSchema = z
  .object({
    id: z.string(),
    kind: transferKind.meta({
      description: "`operator` is one by the bank's operators, `capture` that of a hold.",
    }),
    from: z.string().optional().meta({ description: 'Absent where cash came in: for a deposit.' }),
    to: z.string().optional().meta({ description: 'Absent where cash went out: for a withdrawal.' }),
    amount: moneySchema,
    time: timeSchema,
    branch: z.int().meta({ description: 'The branch that was asked.' }),
    position: integerSchema.meta({ description: "Where the transfer stands in that branch's journal." }),
    seal: optionalSeal,
    ...notesFields,
    groupId: z.string().optional().meta({ description: 'The group that it is a member of.' }),
    holdId: z.string().optional().meta({ description: 'The hold that it captured.' }),
    reversalOf: z.string().optional().meta({ description: 'The transfer that it reverses.' }),
    reversedBy: z.string().optional().meta({ description: 'The write that reversed it.' }),
  })
  .meta({
    id: 'Transfer',
    description: 'An applied transfer, as one of the branches it touched remembers it.',
  });

type TransferJson = z.output<typeof transferSchema>;

export function toTransferJson(transfer: Transfer): TransferJson {
  return {
    id: transfer.id,
    kind: transfer.kind,
    from: transfer.from,
    to: transfer.to,
    amount: toMoneyJson(transfer.amount),
    time: toTimeJson(transfer.timeMicros),
    branch: transfer.branch,
    position: transfer.position.toString(),
    seal: toOptionalSealJson(transfer.seal),
    description: transfer.description,
    metadata: transfer.metadata,
    groupId: transfer.groupId,
    holdId: transfer.holdId,
    reversalOf: transfer.reversalOf,
    reversedBy: transfer.reversedBy,
  };
}

const transferRef = z
  .strictObject({
    branch: branchId.meta({ description: 'A branch that the transfer touched.' }),
    id: writeId,
  })
  .meta({ id: 'TransferRefInput' });

/** Many transfers to look up. */
export const transferLookupInput = z
  .strictObject({ transfers: z.array(transferRef).min(1).max(LOOKUP_ITEMS_MAX) })
  .meta({ id: 'TransferLookupRequest' });

export const foundTransfersSchema = z
  .object({
    transfers: z.array(transferSchema).meta({ description: 'Those found, in the order asked for.' }),
    missing: z.array(z.object({ branch: z.int(), id: z.string() }).meta({ id: 'TransferRef' })).meta({
      description:
        'Those not found, which proves nothing about writes whose requests may still be on their way.',
    }),
  })
  .meta({ id: 'FoundTransfers' });

export function toFoundTransfersJson({
  transfers,
  missing,
}: FoundTransfers): z.output<typeof foundTransfersSchema> {
  return {
    transfers: transfers.map(toTransferJson),
    missing: missing.map(({ branch, id }) => ({ branch, id })),
  };
}
