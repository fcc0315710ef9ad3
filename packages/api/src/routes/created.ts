import type { GroupReceipt, MoneyReceipt, Receipt } from '@giro/sdk';
import { z } from 'zod';
import type { ResponseSpec } from '../http/route.js';
import { moneyReceiptSchema, toGroupReceiptJson, toMoneyReceiptJson } from '../json/receipt.js';
import { replayedHeader, replayedHeaders } from './applied.js';

/** The response of a write that made something, and says where it is to be found. */
export function createdSpec<T extends z.ZodType>(description: string, schema: T) {
  const headers = z.object({
    Location: z.string().meta({ description: 'Where it is to be found.' }),
    ...replayedHeader,
  });
  return { description, schema, headers } as const satisfies ResponseSpec;
}

/** The answer of such a write. */
export function created<T>(body: T, receipt: Pick<Receipt, 'replayed'>, location: string) {
  return { status: 201, body, headers: { Location: location, ...replayedHeaders(receipt) } } as const;
}

/** The response of a write that made a transfer. */
export function transferCreatedSpec(description: string) {
  return createdSpec(description, moneyReceiptSchema);
}

/** The answer of a write that made a transfer. */
export function transferCreated(receipt: MoneyReceipt) {
  return created(toMoneyReceiptJson(receipt), receipt, placeOf('transfers', receipt));
}

/** The answer of a write that made a group. */
export function groupCreated(receipt: GroupReceipt) {
  return created(toGroupReceiptJson(receipt), receipt, placeOf('groups', receipt));
}

/** By the first branch that it touched. */
function placeOf(kind: string, { id, positions }: Pick<Receipt, 'id' | 'positions'>): string {
  return `/v1/branches/${positions[0]?.branch ?? 0}/${kind}/${id}`;
}
