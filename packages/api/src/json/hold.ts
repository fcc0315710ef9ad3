import type { Hold, PlacedHold } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { receiptSchema, toReceiptJson } from './receipt.js';
import { timeSchema, toTimeJson } from './time.js';
import { notesFields } from './write.js';

const holdFields = {
  id: z.string().meta({ description: 'The id of the write that placed it.' }),
  state: z.enum(['held', 'captured', 'released', 'expired', 'unknown']),
  from: z.string().meta({ description: 'The account whose money is reserved.' }),
  to: z.string().meta({ description: 'The account that a capture credits.' }),
  amount: moneySchema,
  captured: moneySchema.optional().meta({ description: 'What was captured, once it was.' }),
  time: timeSchema,
  expiresTime: timeSchema.optional().meta({ description: 'Absent if it does not expire.' }),
  resolvedBy: z
    .string()
    .optional()
    .meta({ description: 'The id of the write that captured or released it.' }),
  branch: z.int().meta({ description: 'The branch that was asked.' }),
  position: integerSchema.meta({ description: "Where it was placed in that branch's journal." }),
  seal: optionalSeal,
  ...notesFields,
};

export const holdSchema = z
  .object(holdFields)
  .meta({ id: 'Hold', description: 'An amount reserved for a transfer to come.' });

type HoldJson = z.output<typeof holdSchema>;

export function toHoldJson(hold: Hold): HoldJson {
  const { captured, expiresTimeMicros } = hold;
  return {
    id: hold.id,
    state: hold.state,
    from: hold.from,
    to: hold.to,
    amount: toMoneyJson(hold.amount),
    captured: captured && toMoneyJson(captured),
    time: toTimeJson(hold.timeMicros),
    expiresTime: expiresTimeMicros === undefined ? undefined : toTimeJson(expiresTimeMicros),
    resolvedBy: hold.resolvedBy,
    branch: hold.branch,
    position: hold.position.toString(),
    seal: toOptionalSealJson(hold.seal),
    description: hold.description,
    metadata: hold.metadata,
  };
}

export const placedHoldSchema = z
  .object({ ...holdFields, receipt: receiptSchema })
  .meta({ id: 'PlacedHold', description: 'The hold as it was placed, on a replay too.' });

export function toPlacedHoldJson(hold: PlacedHold): z.output<typeof placedHoldSchema> {
  return { ...toHoldJson(hold), receipt: toReceiptJson(hold.receipt) };
}
