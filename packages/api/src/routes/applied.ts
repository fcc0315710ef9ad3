import { z } from 'zod';
import type { Receipt } from '@giro/sdk';
import { REPLAYED_HEADER } from '../http/idempotency.js';
import type { ResponseSpec } from '../http/route.js';
import { receiptSchema, toReceiptJson } from '../json/receipt.js';

/** Present if a receipt is that of an earlier request. */
export const replayedHeader = {
  [REPLAYED_HEADER]: z
    .literal('true')
    .optional()
    .meta({ description: 'Present if this answers a repetition.' }),
};

export function replayedHeaders({ replayed }: Pick<Receipt, 'replayed'>): Record<string, string> {
  return replayed ? { [REPLAYED_HEADER]: 'true' } : {};
}

/** The response of a write that changed something and made nothing to be found elsewhere. */
export function appliedSpec(description: string) {
  return {
    description,
    schema: receiptSchema,
    headers: z.object(replayedHeader),
  } as const satisfies ResponseSpec;
}

/** The answer of such a write. */
export function applied(receipt: Receipt) {
  return { status: 200, body: toReceiptJson(receipt), headers: replayedHeaders(receipt) } as const;
}
