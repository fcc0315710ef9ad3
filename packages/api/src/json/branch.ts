import type { Branch, TrialBalance } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { timeSchema, toTimeJson } from './time.js';

export const branchSchema = z
  .object({
    id: z.int(),
    position: integerSchema.meta({ description: 'Position of the last entry in its journal.' }),
    time: timeSchema,
    cash: z.array(moneySchema).meta({ description: 'What the vault holds, per currency.' }),
  })
  .meta({ id: 'Branch' });

type BranchJson = z.output<typeof branchSchema>;

export function toBranchJson({ id, position, timeMicros, cash }: Branch): BranchJson {
  return { id, position: position.toString(), time: toTimeJson(timeMicros), cash: cash.map(toMoneyJson) };
}

export const trialBalanceSchema = z
  .object({
    branch: z.int(),
    position: integerSchema,
    lines: z.array(
      z.object({ currency: z.string(), postedDebits: integerSchema, postedCredits: integerSchema }),
    ),
  })
  .meta({
    id: 'TrialBalance',
    description: "The proof that a branch's debits equal its credits, per currency, as of one position.",
  });

type TrialBalanceJson = z.output<typeof trialBalanceSchema>;

export function toTrialBalanceJson({ branch, position, lines }: TrialBalance): TrialBalanceJson {
  return {
    branch,
    position: position.toString(),
    lines: lines.map(({ currency, postedDebits, postedCredits }) => ({
      currency,
      postedDebits: postedDebits.toString(),
      postedCredits: postedCredits.toString(),
    })),
  };
}
