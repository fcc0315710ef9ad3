import type { GroupReceipt, MoneyReceipt, Receipt } from '@giro/sdk';
import { z } from 'zod';
import { moneySchema, toMoneyJson } from './money.js';
import { journalPositionSchema, toJournalPositionJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';

const head = {
  id: z.uuid().meta({ description: "The write's id: the Idempotency-Key, or the one the API made." }),
  time: timeSchema,
  positions: z
    .array(journalPositionSchema)
    .meta({ description: 'Where the write stands in the journals of the branches it touched.' }),
  replayed: z.boolean().meta({ description: 'True if this answers a repetition.' }),
};

export const receiptSchema = z
  .object({
    ...head,
    balance: moneySchema.optional(),
  })
  .meta({
    id: 'Receipt',
    description: 'The answer to an applied write; it has a balance if the write moved money.',
  });

type ReceiptJson = z.output<typeof receiptSchema>;

export const moneyReceiptSchema = z.object({ ...head, balance: moneySchema }).meta({
  id: 'MoneyReceipt',
  description:
    "The answer to an applied write that moved money. The balance is that of the account it acted for, right after: credited by a deposit, the vault where the branch's own cash moved, otherwise debited.",
});

type MoneyReceiptJson = z.output<typeof moneyReceiptSchema>;

export const groupReceiptSchema = z
  .object({
    ...head,
    positions: z
      .array(journalPositionSchema)
      .meta({ description: 'The last entry of the group in each branch it touched.' }),
    members: z.array(receiptSchema).meta({ description: 'The receipts of its members, in their order.' }),
  })
  .meta({ id: 'GroupReceipt', description: 'The answer to an applied group.' });

type GroupReceiptJson = z.output<typeof groupReceiptSchema>;

export function toReceiptJson(receipt: Receipt): ReceiptJson {
  const { balance } = receipt;
  return { ...toHeadJson(receipt), balance: balance && toMoneyJson(balance) };
}

export function toMoneyReceiptJson(receipt: MoneyReceipt): MoneyReceiptJson {
  return { ...toHeadJson(receipt), balance: toMoneyJson(receipt.balance) };
}

export function toGroupReceiptJson(receipt: GroupReceipt): GroupReceiptJson {
  return { ...toHeadJson(receipt), members: receipt.members.map(toReceiptJson) };
}

function toHeadJson({ id, timeMicros, positions, replayed }: Omit<Receipt, 'balance'>) {
  return { id, time: toTimeJson(timeMicros), positions: positions.map(toJournalPositionJson), replayed };
}
