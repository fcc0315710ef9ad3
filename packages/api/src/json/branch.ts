import type { Branch } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema, moneySchema, toMoneyJson } from './money.js';
import { optionalSeal, toOptionalSealJson } from './position.js';
import { timeSchema, toTimeJson } from './time.js';

export const branchSchema = z
  .object({
    id: z.int(),
    state: z.enum(['open', 'closed', 'unknown']),
    position: integerSchema.meta({ description: 'Position of the last entry in its journal.' }),
    time: timeSchema,
    cash: z.array(moneySchema).meta({ description: 'What the vault holds, per currency.' }),
    head: optionalSeal,
  })
  .meta({ id: 'Branch' });

type BranchJson = z.output<typeof branchSchema>;

export function toBranchJson({ id, state, position, timeMicros, cash, head }: Branch): BranchJson {
  return {
    id,
    state,
    position: position.toString(),
    time: toTimeJson(timeMicros),
    cash: cash.map(toMoneyJson),
    head: toOptionalSealJson(head),
  };
}
