import type { Entry, EntryHead } from '@giro/sdk';
import { z } from 'zod';
import { accountKind, accountState } from './account.js';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';
import { notesFields } from './write.js';

const head = {
  branch: z.int(),
  position: integerSchema.meta({ description: '1, 2, 3, … with no gap.' }),
  seal: optionalSeal,
  time: timeSchema,
  writeId: z
    .string()
    .meta({ description: "The id of the write that made this entry; of an expiry, the hold's." }),
  groupId: z.string().optional().meta({ description: 'The group whose member made this entry.' }),
  groupIndex: z.int().optional().meta({ description: 'Which member of the group, from 0.' }),
  actor: z.string().optional().meta({ description: 'Who asked for the write, if calls are authenticated.' }),
  ...notesFields,
};

const ended = {
  ...head,
  holdId: z.string(),
  debitAccount: z.string(),
  creditAccount: z.string(),
  amount: moneySchema,
};

const counterparty = z
  .string()
  .optional()
  .meta({ description: "Between branches, the customer's account in the other branch." });

export const entrySchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('branch-opened'), ...head }).meta({ id: 'BranchOpenedEntry' }),
    z.object({ kind: z.literal('branch-closed'), ...head }).meta({ id: 'BranchClosedEntry' }),
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
        kind: z.literal('account-state-changed'),
        ...head,
        account: z.string(),
        state: accountState,
      })
      .meta({ id: 'AccountStateChangedEntry' }),
    z
      .object({
        kind: z.literal('overdraft-limit-changed'),
        ...head,
        account: z.string(),
        limit: moneySchema,
      })
      .meta({ id: 'OverdraftLimitChangedEntry' }),
    z.object({ kind: z.literal('account-metadata-changed'), ...head, account: z.string() }).meta({
      id: 'AccountMetadataChangedEntry',
      description: "The account's metadata from then on is the entry's.",
    }),
    z
      .object({
        kind: z.literal('posting'),
        ...head,
        debitAccount: z.string(),
        creditAccount: z.string(),
        amount: moneySchema,
        debitBalance: moneySchema,
        creditBalance: moneySchema,
        counterparty,
        holdId: z.string().optional().meta({ description: 'The hold that was captured.' }),
        held: moneySchema.optional().meta({
          description: 'What that hold had reserved, all of which it reserves no longer.',
        }),
        reversalOf: z.string().optional().meta({ description: 'The transfer that this posting reverses.' }),
      })
      .meta({ id: 'PostingEntry', description: 'The balances are those of the two accounts, right after.' }),
    z
      .object({
        kind: z.literal('hold-placed'),
        ...head,
        debitAccount: z.string(),
        creditAccount: z.string(),
        amount: moneySchema,
        expiresTime: timeSchema.optional(),
        counterparty,
      })
      .meta({ id: 'HoldPlacedEntry' }),
    z.object({ kind: z.literal('hold-released'), ...ended }).meta({ id: 'HoldReleasedEntry' }),
    z.object({ kind: z.literal('hold-expired'), ...ended }).meta({ id: 'HoldExpiredEntry' }),
    z
      .object({
        kind: z.literal('group-opened'),
        ...head,
        members: z.int().meta({ description: 'How many members it has in all branches.' }),
        reversalOf: z.string().optional().meta({ description: 'The group that this one reverses.' }),
      })
      .meta({ id: 'GroupOpenedEntry', description: 'The entries of its members in this branch follow.' }),
    z
      .object({
        kind: z.literal('refusal'),
        ...head,
        reason: z.string(),
        message: z.string(),
        details: z
          .record(z.string(), z.string())
          .meta({ description: "What the reason's meaning names: `account`, `available`, …" }),
      })
      .meta({ id: 'RefusalEntry' }),
    z
      .object({ kind: z.literal('unknown'), ...head })
      .meta({ id: 'UnknownEntry', description: 'A change that this version of the API does not know.' }),
  ])
  .meta({ id: 'Entry', description: "One change of a branch's state." });

type EntryJson = z.output<typeof entrySchema>;

export function toEntryJson(entry: Entry): EntryJson {
  const head = toHeadJson(entry);
  switch (entry.kind) {
    case 'branch-opened':
    case 'branch-closed':
    case 'unknown':
      return { kind: entry.kind, ...head };
    case 'account-opened': {
      const { kind, account, accountKind: of, customer, peerBranch, currency } = entry;
      return { kind, ...head, account, accountKind: of, customer, peerBranch, currency };
    }
    case 'account-state-changed':
      return { kind: entry.kind, ...head, account: entry.account, state: entry.state };
    case 'overdraft-limit-changed':
      return { kind: entry.kind, ...head, account: entry.account, limit: toMoneyJson(entry.limit) };
    case 'account-metadata-changed':
      return { kind: entry.kind, ...head, account: entry.account };
    case 'posting':
      return {
        kind: entry.kind,
        ...head,
        ...toEndsJson(entry),
        debitBalance: toMoneyJson(entry.debitBalance),
        creditBalance: toMoneyJson(entry.creditBalance),
        counterparty: entry.counterparty,
        holdId: entry.holdId,
        held: entry.held && toMoneyJson(entry.held),
        reversalOf: entry.reversalOf,
      };
    case 'hold-placed': {
      const { kind, expiresTimeMicros: expires, counterparty } = entry;
      const expiresTime = expires === undefined ? undefined : toTimeJson(expires);
      return { kind, ...head, ...toEndsJson(entry), expiresTime, counterparty };
    }
    case 'hold-released':
    case 'hold-expired':
      return { kind: entry.kind, ...head, holdId: entry.holdId, ...toEndsJson(entry) };
    case 'group-opened':
      return { kind: entry.kind, ...head, members: entry.members, reversalOf: entry.reversalOf };
    case 'refusal':
      return {
        kind: entry.kind,
        ...head,
        reason: entry.reason,
        message: entry.message,
        details: entry.details,
      };
  }
}

function toHeadJson(entry: EntryHead) {
  return {
    branch: entry.branch,
    position: entry.position.toString(),
    seal: toOptionalSealJson(entry.seal),
    time: toTimeJson(entry.timeMicros),
    writeId: entry.writeId,
    groupId: entry.groupId,
    groupIndex: entry.groupIndex,
    actor: entry.actor,
    description: entry.description,
    metadata: entry.metadata,
  };
}

function toEndsJson({
  debitAccount,
  creditAccount,
  amount,
}: Pick<Extract<Entry, { kind: 'posting' }>, 'debitAccount' | 'creditAccount' | 'amount'>) {
  return { debitAccount, creditAccount, amount: toMoneyJson(amount) };
}
