import type { Account, OpenedAccount } from '@giro/sdk';
import { z } from 'zod';
import { metadataSchema } from './metadata.js';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { receiptSchema, toReceiptJson } from './receipt.js';
import { timeSchema, toTimeJson } from './time.js';

export const accountKind = z.enum([
  'customer',
  'vault',
  'capital',
  'interbranch',
  'exchange',
  'income',
  'expense',
  'unknown',
]);

export const accountState = z.enum(['open', 'frozen', 'closed', 'unknown']);

const accountFields = {
  id: z.string(),
  branch: z.int(),
  kind: accountKind,
  state: accountState.meta({
    description: '`frozen`: no new debits or holds. `closed`: for good, no debits and no credits.',
  }),
  customer: z.string().optional().meta({ description: "The holder, for a customer's account." }),
  peerBranch: z.int().optional().meta({ description: 'The other branch, for an interbranch account.' }),
  currency: z.string(),
  postedDebits: integerSchema.meta({ description: 'Lifetime total; may be wider than 64 bits.' }),
  postedCredits: integerSchema.meta({ description: 'Lifetime total; may be wider than 64 bits.' }),
  heldDebits: integerSchema.meta({ description: 'What holds have reserved of it.' }),
  heldCredits: integerSchema.meta({ description: 'What holds have reserved for it.' }),
  balance: moneySchema,
  available: moneySchema,
  overdraftLimit: moneySchema.meta({ description: 'How far below zero the account may go.' }),
  position: integerSchema.meta({ description: 'The last entry that changed this account.' }),
  openedTime: timeSchema,
  metadata: metadataSchema,
};

export const accountSchema = z.object(accountFields).meta({
  id: 'Account',
  description:
    '`available` is what can be taken out now: the balance without what is held, and with the overdraft limit.',
});

type AccountJson = z.output<typeof accountSchema>;

export function toAccountJson(account: Account): AccountJson {
  return {
    id: account.id,
    branch: account.branch,
    kind: account.kind,
    state: account.state,
    customer: account.customer,
    peerBranch: account.peerBranch,
    currency: account.currency,
    postedDebits: account.postedDebits.toString(),
    postedCredits: account.postedCredits.toString(),
    heldDebits: account.heldDebits.toString(),
    heldCredits: account.heldCredits.toString(),
    balance: toMoneyJson(account.balance),
    available: toMoneyJson(account.available),
    overdraftLimit: toMoneyJson(account.overdraftLimit),
    position: account.position.toString(),
    openedTime: toTimeJson(account.openedTimeMicros),
    metadata: account.metadata,
  };
}

export const openedAccountSchema = z
  .object({ ...accountFields, receipt: receiptSchema })
  .meta({ id: 'OpenedAccount', description: 'The account as it was opened, on a replay too.' });

type OpenedAccountJson = z.output<typeof openedAccountSchema>;

export function toOpenedAccountJson(account: OpenedAccount): OpenedAccountJson {
  return { ...toAccountJson(account), receipt: toReceiptJson(account.receipt) };
}
