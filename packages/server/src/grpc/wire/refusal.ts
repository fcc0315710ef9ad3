import { describeReason, type Refusal as WireRefusal } from '@giro/sdk/protocol';
import type { Refusal } from '../../ledger/entry.js';

export function wireRefusal({ reason, metadata }: Refusal, replayed: boolean): WireRefusal {
  return { reason, message: describeReason(reason, metadata), metadata: { ...metadata }, replayed };
}
