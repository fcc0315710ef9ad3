import {
  TransferKind as WireTransferKind,
  type Transfer as WireTransfer,
} from '../gen/giro/v1/transfer_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, textFrom, timeFrom } from './answer.js';
import type { JournalHead } from './receipt.js';
import type { Metadata } from './write-params.js';

/**
 * What made a transfer: `operator` is one by the bank's operators, `capture` that of a hold. `unknown` is a kind that a
 * newer server has and this client does not know.
 */
export type TransferKind =
  | 'deposit'
  | 'withdrawal'
  | 'transfer'
  | 'operator'
  | 'capture'
  | 'reversal'
  | 'cash-added'
  | 'cash-removed'
  | 'unknown';

/** An applied transfer, as one of the branches it touched remembers it. */
export interface Transfer {
  /** The id of the write that made it; for a member of a group, the member's. */
  readonly id: string;
  readonly kind: TransferKind;
  /** The debited account. Absent where cash came in: for a deposit. */
  readonly from?: string;
  /** The credited account. Absent where cash went out: for a withdrawal. */
  readonly to?: string;
  /** Always positive: out of `from`, into `to`. */
  readonly amount: Money;
  /** When it was applied, to the millisecond; the same in both branches. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** The branch that was asked. */
  readonly branch: number;
  /** Where the transfer stands in that branch's journal. */
  readonly position: bigint;
  /** The seal that covers the position, where it is told. */
  readonly seal?: JournalHead;
  readonly description?: string;
  readonly metadata: Metadata;
  /** The group that it is a member of. */
  readonly groupId?: string;
  /** The hold that it captured. */
  readonly holdId?: string;
  /** The transfer that it reverses. */
  readonly reversalOf?: string;
  /** The write that reversed it. */
  readonly reversedBy?: string;
}

export function transferFrom(wire: WireTransfer | undefined): Transfer {
  const transfer = present(wire, 'transfer');
  return {
    id: transfer.id,
    kind: kinds[transfer.kind] ?? 'unknown',
    ...textFrom('from', transfer.from),
    ...textFrom('to', transfer.to),
    amount: moneyFrom(transfer.amount, 'amount'),
    ...timeFrom(transfer.time),
    ...positionFrom(transfer.position),
    ...textFrom('description', transfer.description),
    metadata: transfer.metadata,
    ...textFrom('groupId', transfer.groupId),
    ...textFrom('holdId', transfer.holdId),
    ...textFrom('reversalOf', transfer.reversalOf),
    ...textFrom('reversedBy', transfer.reversedBy),
  };
}

const kinds: Partial<Record<WireTransferKind, TransferKind>> = {
  [WireTransferKind.DEPOSIT]: 'deposit',
  [WireTransferKind.WITHDRAWAL]: 'withdrawal',
  [WireTransferKind.TRANSFER]: 'transfer',
  [WireTransferKind.OPERATOR]: 'operator',
  [WireTransferKind.CAPTURE]: 'capture',
  [WireTransferKind.REVERSAL]: 'reversal',
  [WireTransferKind.CASH_ADDED]: 'cash-added',
  [WireTransferKind.CASH_REMOVED]: 'cash-removed',
};
