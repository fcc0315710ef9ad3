import type { Receipt } from '@giro/sdk';
import { z } from 'zod';
import { REPLAYED_HEADER } from '../http/idempotency.js';
import type { ResponseSpec } from '../http/route.js';

/** The response of a write that made something, and says where it is to be found. */
export function createdSpec<T extends z.ZodType>(description: string, schema: T) {
  const headers = z.object({
    Location: z.string().meta({ description: 'Where it is to be found.' }),
    [REPLAYED_HEADER]: z
      .literal('true')
      .optional()
      .meta({ description: 'Present if this answers a repetition.' }),
  });
  return { description, schema, headers } as const satisfies ResponseSpec;
}

/** The answer of such a write. */
export function created<T>(body: T, receipt: Receipt, location: string) {
  const headers = { Location: location, ...(receipt.replayed ? { [REPLAYED_HEADER]: 'true' } : {}) };
  return { status: 201, body, headers } as const;
}
