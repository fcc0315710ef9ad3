import type { GroupReceipt as WireGroupReceipt, Receipt as WireReceipt } from '../gen/giro/v1/receipt.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, timeFrom } from './answer.js';

/** A place in a branch's journal. */
export interface JournalPosition {
  /** 0..9999 */
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: bigint;
  /** The seal that covers the position, where it is told. */
  readonly seal?: JournalHead;
}

/**
 * The end of a sealed part of a journal. Whoever keeps it can tell if the history up to there is ever changed, see
 * {@link Journal.verify}, {@link Journal.watch} and {@link verifyInclusion}.
 */
export interface JournalHead {
  /** The last position that the seal covers. */
  readonly position: bigint;
  /** SHA-256, 32 bytes; it covers everything up to the position. */
  readonly hash: Uint8Array;
}

/** The answer to an applied write. The same id with the same body gets an equal receipt for ever. */
export interface Receipt {
  /** The id of the write, in lower case: the caller's, or the one that the client made. */
  readonly id: string;
  /** The time of the write's entries, to the millisecond; the same in every branch it touched. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** Where the write stands, one per branch it touched; the debited branch first. With the seals that cover them. */
  readonly positions: readonly JournalPosition[];
  /**
   * Balance right after the write of the account it acted for: the credited account of a deposit, the vault where the
   * branch's own cash moved, and otherwise the debited account. Absent for a write that moves no money.
   */
  readonly balance?: Money;
  /** True if this answers a repetition of a write that was applied before. */
  readonly replayed: boolean;
}

/** The receipt of a write that moved money. */
export interface MoneyReceipt extends Receipt {
  readonly balance: Money;
}

/** The answer to an applied group. */
export interface GroupReceipt extends Omit<Receipt, 'balance'> {
  /** The last entry of the group in each branch it touched, in order of the branches. */
  readonly positions: readonly JournalPosition[];
  /** The receipts of its members, in their order. */
  readonly members: readonly Receipt[];
}

export function receiptFrom(wire: WireReceipt | undefined): Receipt {
  const receipt = present(wire, 'receipt');
  return receipt.balance === undefined ? bareReceiptFrom(receipt) : moneyReceiptFrom(receipt);
}

/** Each field by name: of thousands of receipts in an answer, spreading would cost more than all else. */
function moneyReceiptFrom(wire: WireReceipt | undefined): MoneyReceipt {
  const { id, time: wireTime, positions, balance, replayed } = present(wire, 'receipt');
  const { time, timeMicros } = timeFrom(wireTime);
  return {
    id,
    time,
    timeMicros,
    positions: positions.map(positionFrom),
    balance: moneyFrom(balance, 'balance'),
    replayed,
  };
}

function bareReceiptFrom({ id, time, positions, replayed }: WireReceipt): Receipt {
  return { id, ...timeFrom(time), positions: positions.map(positionFrom), replayed };
}

export function groupReceiptFrom(wire: WireGroupReceipt | undefined): GroupReceipt {
  const { id, time, positions, members, replayed } = present(wire, 'receipt');
  return {
    id,
    ...timeFrom(time),
    positions: positions.map(positionFrom),
    members: members.map(receiptFrom),
    replayed,
  };
}

/** The receipt of a write, of whatever the SDK makes of its answer. @throws Error if there is none */
export function receiptIn(result: unknown): Receipt | GroupReceipt {
  if (typeof result === 'object' && result !== null) {
    if ('receipt' in result) return result.receipt as Receipt;
    if ('positions' in result) return result as Receipt | GroupReceipt;
  }
  throw new Error('the answer has no receipt');
}

/** Reads the answer to a write of which there is no more to say. */
export function readReceipt({ receipt }: { readonly receipt?: WireReceipt | undefined }): Receipt {
  return receiptFrom(receipt);
}

/** Reads the answer to a write that moves money. */
export function readMoneyReceipt({ receipt }: { readonly receipt?: WireReceipt | undefined }): MoneyReceipt {
  return moneyReceiptFrom(receipt);
}
