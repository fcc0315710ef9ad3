import type { Transfer } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { timeSchema, toTimeJson } from './time.js';

export const transferSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['deposit', 'withdrawal', 'transfer', 'unknown']),
    from: z.string().optional().meta({ description: 'Absent for a deposit.' }),
    to: z.string().optional().meta({ description: 'Absent for a withdrawal.' }),
    amount: moneySchema,
    time: timeSchema,
    branch: z.int().meta({ description: 'The branch that was asked.' }),
    position: integerSchema.meta({ description: "Where the transfer stands in that branch's journal." }),
  })
  .meta({
    id: 'Transfer',
    description: 'An applied transfer, as one of the branches it touched remembers it.',
  });

type TransferJson = z.output<typeof transferSchema>;

export function toTransferJson({
  id,
  kind,
  from,
  to,
  amount,
  timeMicros,
  branch,
  position,
}: Transfer): TransferJson {
  return {
    id,
    kind,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    amount: toMoneyJson(amount),
    time: toTimeJson(timeMicros),
    branch,
    position: position.toString(),
  };
}
