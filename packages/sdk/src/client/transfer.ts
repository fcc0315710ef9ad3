import { TransferKind, type Transfer as WireTransfer } from '../gen/giro/v1/transfer_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, timeFrom } from './answer.js';

/** An applied transfer, as one of the branches it touched remembers it. */
export interface Transfer {
  readonly id: string;
  /** `unknown` is a kind that a newer server has and this client does not know. */
  readonly kind: 'deposit' | 'withdrawal' | 'transfer' | 'unknown';
  /** Absent for a deposit. */
  readonly from?: string;
  /** Absent for a withdrawal. */
  readonly to?: string;
  readonly amount: Money;
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** The branch that was asked. */
  readonly branch: number;
  /** Where the transfer stands in that branch's journal. */
  readonly position: bigint;
}

export function transferFrom(wire: WireTransfer | undefined): Transfer {
  const { id, kind, from, to, amount, time, position } = present(wire, 'transfer');
  return {
    id,
    kind: kinds[kind] ?? 'unknown',
    ...(from !== '' && { from }),
    ...(to !== '' && { to }),
    amount: moneyFrom(amount, 'amount'),
    ...timeFrom(time),
    ...positionFrom(position),
  };
}

const kinds: Partial<Record<TransferKind, Transfer['kind']>> = {
  [TransferKind.DEPOSIT]: 'deposit',
  [TransferKind.WITHDRAWAL]: 'withdrawal',
  [TransferKind.TRANSFER]: 'transfer',
};
