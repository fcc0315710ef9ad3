import { LOOKUP_ITEMS_MAX } from '@giro/sdk';
import type { Balance } from '@giro/sdk';
import { z } from 'zod';
import { accountId } from './ids.js';
import { momentInput } from './moment.js';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';

/** Balances to look up. */
export const balanceLookupInput = z
  .strictObject({
    accounts: z.array(accountId).min(1).max(LOOKUP_ITEMS_MAX),
    at: momentInput.optional(),
  })
  .meta({ id: 'BalanceLookupRequest', description: 'Without `at`, as they are now.' });

export const balanceSchema = z
  .object({
    account: z.string(),
    balance: moneySchema,
    available: moneySchema
      .optional()
      .meta({ description: 'What could be taken out; only of balances as they are now.' }),
    branch: z.int(),
    position: integerSchema.meta({ description: "How far the branch's journal had got." }),
    seal: optionalSeal,
    time: timeSchema.meta({
      description:
        'Of the entry there. If it is before the time asked for, the balance at that time can still change.',
    }),
  })
  .meta({ id: 'Balance' });

export const balancesSchema = z
  .object({
    balances: z.array(balanceSchema).meta({ description: 'One per account, in the order asked for.' }),
  })
  .meta({ id: 'Balances' });

export function toBalanceJson(balance: Balance): z.output<typeof balanceSchema> {
  const { available } = balance;
  return {
    account: balance.account,
    balance: toMoneyJson(balance.balance),
    available: available && toMoneyJson(available),
    branch: balance.branch,
    position: balance.position.toString(),
    seal: toOptionalSealJson(balance.seal),
    time: toTimeJson(balance.timeMicros),
  };
}
