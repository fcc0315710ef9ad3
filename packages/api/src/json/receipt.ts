import type { Receipt } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { timeSchema, toTimeJson } from './time.js';

export const receiptSchema = z
  .object({
    id: z.uuid().meta({ description: "The write's id: the Idempotency-Key, or the one the API made." }),
    time: timeSchema,
    positions: z
      .array(z.object({ branch: z.int(), position: integerSchema }))
      .meta({ description: 'Where the write stands in the journals of the branches it touched.' }),
    balance: moneySchema,
    replayed: z.boolean().meta({ description: 'True if this answers a repetition.' }),
  })
  .meta({
    id: 'Receipt',
    description:
      'The answer to an applied write. The balance is that of the account it acted for, right after: credited by a deposit, debited by a withdrawal or transfer, the vault of a new branch.',
  });

type ReceiptJson = z.output<typeof receiptSchema>;

export function toReceiptJson(receipt: Receipt): ReceiptJson {
  return {
    id: receipt.id,
    time: toTimeJson(receipt.timeMicros),
    positions: receipt.positions.map(({ branch, position }) => ({ branch, position: position.toString() })),
    balance: toMoneyJson(receipt.balance),
    replayed: receipt.replayed,
  };
}
