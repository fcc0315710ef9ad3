import type { Account, OpenedAccount, StatementLine } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { receiptSchema, toReceiptJson } from './receipt.js';
import { timeSchema, toTimeJson } from './time.js';

export const accountKind = z.enum(['customer', 'vault', 'capital', 'interbranch', 'unknown']);

const accountFields = {
  id: z.string(),
  branch: z.int(),
  kind: accountKind,
  customer: z.string().optional().meta({ description: "The holder, for a customer's account." }),
  peerBranch: z.int().optional().meta({ description: 'The other branch, for an interbranch account.' }),
  currency: z.string(),
  postedDebits: integerSchema.meta({ description: 'Lifetime total; may be wider than 64 bits.' }),
  postedCredits: integerSchema.meta({ description: 'Lifetime total; may be wider than 64 bits.' }),
  balance: moneySchema,
  available: moneySchema,
  position: integerSchema.meta({ description: 'The last entry that changed this account.' }),
  openedTime: timeSchema,
};

export const accountSchema = z
  .object(accountFields)
  .meta({ id: 'Account', description: '`available` is what can be taken out now.' });

type AccountJson = z.output<typeof accountSchema>;

export function toAccountJson(account: Account): AccountJson {
  return {
    id: account.id,
    branch: account.branch,
    kind: account.kind,
    ...(account.customer === undefined ? {} : { customer: account.customer }),
    ...(account.peerBranch === undefined ? {} : { peerBranch: account.peerBranch }),
    currency: account.currency,
    postedDebits: account.postedDebits.toString(),
    postedCredits: account.postedCredits.toString(),
    balance: toMoneyJson(account.balance),
    available: toMoneyJson(account.available),
    position: account.position.toString(),
    openedTime: toTimeJson(account.openedTimeMicros),
  };
}

export const openedAccountSchema = z
  .object({ ...accountFields, receipt: receiptSchema })
  .meta({ id: 'OpenedAccount', description: 'The account as it was opened, on a replay too.' });

type OpenedAccountJson = z.output<typeof openedAccountSchema>;

export function toOpenedAccountJson(account: OpenedAccount): OpenedAccountJson {
  return { ...toAccountJson(account), receipt: toReceiptJson(account.receipt) };
}

export const statementLineSchema = z
  .object({
    position: integerSchema,
    time: timeSchema,
    transferId: z.string().meta({ description: 'The id of the write that made the posting.' }),
    side: z.enum(['debit', 'credit']),
    amount: moneySchema,
    balance: moneySchema,
    counterparty: z.string().meta({
      description: "The account at the other end: for a transfer between branches the other customer's.",
    }),
  })
  .meta({
    id: 'StatementLine',
    description: "One posting, seen from one of its two accounts; `balance` is that account's, right after.",
  });

type StatementLineJson = z.output<typeof statementLineSchema>;

export function toStatementLineJson(line: StatementLine): StatementLineJson {
  return {
    position: line.position.toString(),
    time: toTimeJson(line.timeMicros),
    transferId: line.transferId,
    side: line.side,
    amount: toMoneyJson(line.amount),
    balance: toMoneyJson(line.balance),
    counterparty: line.counterparty,
  };
}
