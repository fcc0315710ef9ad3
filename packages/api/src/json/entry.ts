import type { Entry } from '@giro/sdk';
import { z } from 'zod';
import { accountKind } from './account.js';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { timeSchema, toTimeJson } from './time.js';

const head = {
  branch: z.int(),
  position: integerSchema.meta({ description: '1, 2, 3, … with no gap.' }),
  time: timeSchema,
  writeId: z.string().meta({ description: 'The id of the write that made this entry.' }),
};

export const entrySchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('branch-opened'), ...head }).meta({ id: 'BranchOpenedEntry' }),
    z
      .object({
        kind: z.literal('account-opened'),
        ...head,
        account: z.string(),
        accountKind,
        customer: z.string().optional(),
        peerBranch: z.int().optional(),
        currency: z.string(),
      })
      .meta({ id: 'AccountOpenedEntry' }),
    z
      .object({
        kind: z.literal('posting'),
        ...head,
        debitAccount: z.string(),
        creditAccount: z.string(),
        amount: moneySchema,
        debitBalance: moneySchema,
        creditBalance: moneySchema,
        counterparty: z.string().optional().meta({
          description: "For a transfer between branches, the customer's account in the other branch.",
        }),
      })
      .meta({ id: 'PostingEntry', description: 'The balances are those of the two accounts, right after.' }),
    z
      .object({
        kind: z.literal('refusal'),
        ...head,
        reason: z.string(),
        message: z.string(),
        metadata: z.record(z.string(), z.string()),
      })
      .meta({ id: 'RefusalEntry' }),
    z
      .object({ kind: z.literal('unknown'), ...head })
      .meta({ id: 'UnknownEntry', description: 'A change that this version of the API does not know.' }),
  ])
  .meta({ id: 'Entry', description: "One change of a branch's state." });

type EntryJson = z.output<typeof entrySchema>;

export function toEntryJson(entry: Entry): EntryJson {
  const { branch, writeId } = entry;
  const head = { branch, position: entry.position.toString(), time: toTimeJson(entry.timeMicros), writeId };
  switch (entry.kind) {
    case 'branch-opened':
    case 'unknown':
      return { kind: entry.kind, ...head };
    case 'account-opened':
      return {
        kind: entry.kind,
        ...head,
        account: entry.account,
        accountKind: entry.accountKind,
        ...(entry.customer === undefined ? {} : { customer: entry.customer }),
        ...(entry.peerBranch === undefined ? {} : { peerBranch: entry.peerBranch }),
        currency: entry.currency,
      };
    case 'posting':
      return {
        kind: entry.kind,
        ...head,
        debitAccount: entry.debitAccount,
        creditAccount: entry.creditAccount,
        amount: toMoneyJson(entry.amount),
        debitBalance: toMoneyJson(entry.debitBalance),
        creditBalance: toMoneyJson(entry.creditBalance),
        ...(entry.counterparty === undefined ? {} : { counterparty: entry.counterparty }),
      };
    case 'refusal':
      return {
        kind: entry.kind,
        ...head,
        reason: entry.reason,
        message: entry.message,
        metadata: { ...entry.metadata },
      };
  }
}
