import { BRANCH_ID_MAX, catalogue } from '@giro/sdk';
import { z } from 'zod';
import type { FailureFormat } from '../http/failure-format.js';
import { faultOf } from '../http/field-at-fault.js';
import { minorUnitsInput } from './minor-units.js';

/** The widest number on the wire of the seed's service. */
const INT32_MAX = 2 ** 31 - 1;

const customer_id = z.int().min(0).max(INT32_MAX).meta({ description: "The customer's number.", example: 1 });
const branch_id = z.int().min(0).max(BRANCH_ID_MAX).meta({ description: "The branch's number.", example: 1 });
const amount = seedAmount(1n).meta({ example: 100 });

export const seedInitializeInput = z
  .object({ branch_id, initial_balance: seedAmount(0n).meta({ example: 1000 }) })
  .meta({ id: 'SeedInitializeRequest' });

export const seedTransactionInput = z
  .discriminatedUnion('type', [
    z.object({ customer_id, type: z.literal('deposit'), amount }).meta({ id: 'SeedDeposit' }),
    z.object({ customer_id, type: z.literal('withdraw'), amount }).meta({ id: 'SeedWithdrawal' }),
    z.object({ customer_id, type: z.literal('query') }).meta({ id: 'SeedQuery' }),
  ])
  .meta({ id: 'SeedTransaction' });

export const seedResultSchema = z.object({ result: z.string() }).meta({ id: 'SeedResult' });

export const seedBalanceSchema = z
  .object({ balance: z.int().meta({ description: "Minor units of the bank's default currency." }) })
  .meta({ id: 'SeedBalance' });

export const seedRefusalSchema = z
  .object({ result: z.literal('Insufficient funds').optional(), error: z.string() })
  .meta({ id: 'SeedRefusal' });

const seedErrorSchema = z.object({ error: z.string() }).meta({ id: 'SeedError' });

/** The seed's way to say what went wrong: one sentence, which begins with the field if one is wrong. */
export const seedFailureFormat: FailureFormat = {
  contentType: 'application/json',
  schema: seedErrorSchema,
  // What fails on our side may name hosts and internals: the log has it, the answer does not.
  body: ({ error, status }, _requestId, request) => {
    if (status >= 500) return { error: catalogue[error.reason].meaning };
    const { field, sentence } = faultOf(error, request);
    const named = field === undefined || sentence.startsWith(`${field}: `);
    return { error: named ? sentence : `${field}: ${sentence}` };
  },
};

/** Minor units of the bank's default currency. */
function seedAmount(minimum: 0n | 1n) {
  return minorUnitsInput(minimum, BigInt(INT32_MAX))
    .transform(Number)
    .meta({ description: `Minor units of the bank's default currency, ${minimum} to ${INT32_MAX}.` });
}
