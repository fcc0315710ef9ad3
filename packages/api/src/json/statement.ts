import type { Moment, StatementLine, StatementPage } from '@giro/sdk';
import { z } from 'zod';
import { momentOf, momentQuery } from './moment.js';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { pageSchema, toPageJson } from './page.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';
import { notesFields } from './write.js';

/** The query parameters that say which part of an account's history a statement is of. */
export const statementRangeQuery = {
  fromTime: momentQuery.time.meta({ description: 'Entries at this time or later. By default all of them.' }),
  fromPosition: momentQuery.position.meta({ description: 'The same as a position, inclusive.' }),
  toTime: momentQuery.time.meta({
    description: 'Entries before this time. By default those that there are when the first page is read.',
  }),
  toPosition: momentQuery.position.meta({ description: 'The same as a position, inclusive.' }),
};

interface StatementRangeQuery {
  readonly fromTime?: bigint | undefined;
  readonly fromPosition?: bigint | undefined;
  readonly toTime?: bigint | undefined;
  readonly toPosition?: bigint | undefined;
}

/** @throws Failure if an end is given twice */
export function statementRange(query: StatementRangeQuery): { from?: Moment; to?: Moment } {
  const from = momentOf(query.fromTime, query.fromPosition, { time: 'fromTime', position: 'fromPosition' });
  const to = momentOf(query.toTime, query.toPosition, { time: 'toTime', position: 'toPosition' });
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

const statementLineSchema = z
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
    ...notesFields,
    groupId: z.string().optional().meta({ description: 'The group that the transfer is a member of.' }),
    holdId: z.string().optional().meta({ description: 'The hold that was captured.' }),
    reversalOf: z.string().optional().meta({ description: 'The transfer that this one reverses.' }),
  })
  .meta({
    id: 'StatementLine',
    description: "One posting, seen from one of its two accounts; `balance` is that account's, right after.",
  });

type StatementLineJson = z.output<typeof statementLineSchema>;

function toStatementLineJson(line: StatementLine): StatementLineJson {
  return {
    position: line.position.toString(),
    time: toTimeJson(line.timeMicros),
    transferId: line.transferId,
    side: line.side,
    amount: toMoneyJson(line.amount),
    balance: toMoneyJson(line.balance),
    counterparty: line.counterparty,
    description: line.description,
    metadata: line.metadata,
    groupId: line.groupId,
    holdId: line.holdId,
    reversalOf: line.reversalOf,
  };
}

export const statementPageSchema = pageSchema(statementLineSchema)
  .extend({
    openingBalance: moneySchema.meta({ description: 'Before the first entry of the statement.' }),
    closingBalance: moneySchema.meta({ description: 'After the last entry of the statement.' }),
    position: integerSchema.meta({ description: 'The last position that the statement covers.' }),
    seal: optionalSeal,
  })
  .meta({
    id: 'StatementPage',
    description: 'One page; what it says of the statement as a whole is the same on all its pages.',
  });

export function toStatementPageJson(page: StatementPage): z.output<typeof statementPageSchema> {
  return {
    ...toPageJson(page, toStatementLineJson),
    openingBalance: toMoneyJson(page.openingBalance),
    closingBalance: toMoneyJson(page.closingBalance),
    position: page.position.toString(),
    seal: toOptionalSealJson(page.seal),
  };
}
