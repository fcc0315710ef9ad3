import type { Receipt as WireReceipt } from '../gen/giro/v1/receipt.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, timeFrom } from './answer.js';

/** A place in a branch's journal. */
export interface JournalPosition {
  /** 0..9999 */
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: bigint;
}

/** The answer to an applied write. The same id with the same body gets an equal receipt for ever. */
export interface Receipt {
  /** The id of the write, in lower case: the caller's, or the one that the client made. */
  readonly id: string;
  /** The time of the write's entries, to the millisecond; the same in every branch it touched. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** Where the write stands, one per branch it touched; the debited branch first. */
  readonly positions: readonly JournalPosition[];
  /**
   * Balance right after the write of the account it acted for: the credited account of a deposit, the debited account
   * of a withdrawal or transfer, the vault of an initialized branch; for an opened account, zero.
   */
  readonly balance: Money;
  /** True if this answers a repetition of a write that was applied before. */
  readonly replayed: boolean;
}

export function receiptFrom(wire: WireReceipt | undefined): Receipt {
  const { id, time, positions, balance, replayed } = present(wire, 'receipt');
  return {
    id,
    ...timeFrom(time),
    positions: positions.map(positionFrom),
    balance: moneyFrom(balance, 'balance'),
    replayed,
  };
}
