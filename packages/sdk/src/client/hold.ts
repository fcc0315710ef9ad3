import {
  HoldState as WireHoldState,
  type Hold as WireHold,
  type PlaceHoldRequest,
  type PlaceHoldResponse,
} from '../gen/giro/v1/transfer_service.js';
import type { Receipt as WireReceipt } from '../gen/giro/v1/receipt.js';
import type { Money } from '../money/money.js';
import { timestampAfter } from '../wire/time.js';
import { moneyFrom, positionFrom, present, textFrom, timeFrom } from './answer.js';
import { receiptFrom, type JournalHead, type Receipt } from './receipt.js';
import type { Metadata } from './write-params.js';

/** What has become of a hold. `unknown` is a state that a newer server has and this client does not know. */
export type HoldState = 'held' | 'captured' | 'released' | 'expired' | 'unknown';

/** An amount reserved for a transfer to come. */
export interface Hold {
  /** The id of the write that placed it. */
  readonly id: string;
  readonly state: HoldState;
  /** The account whose money is reserved. */
  readonly from: string;
  /** The account that a capture credits. */
  readonly to: string;
  /** What was reserved; a capture may take less of it. */
  readonly amount: Money;
  /** What was captured, once it was. */
  readonly captured?: Money;
  /** When it was placed. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** Absent if it does not expire. */
  readonly expiresTime?: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly expiresTimeMicros?: bigint;
  /** The id of the write that captured or released it. */
  readonly resolvedBy?: string;
  /** The branch that was asked. */
  readonly branch: number;
  /** Where the hold was placed in that branch's journal. */
  readonly position: bigint;
  /** The seal that covers the position, where it is told. */
  readonly seal?: JournalHead;
  readonly description?: string;
  readonly metadata: Metadata;
}

/** A hold as it was placed, with the receipt of that. */
export interface PlacedHold extends Hold {
  readonly receipt: Receipt;
}

export function holdFrom(wire: WireHold | undefined): Hold {
  const hold = present(wire, 'hold');
  return {
    id: hold.id,
    state: states[hold.state] ?? 'unknown',
    from: hold.from,
    to: hold.to,
    amount: moneyFrom(hold.amount, 'amount'),
    ...(hold.captured !== undefined && { captured: moneyFrom(hold.captured, 'captured') }),
    ...timeFrom(hold.time),
    ...expiryFrom(hold.expiresTime),
    ...textFrom('resolvedBy', hold.resolvedBy),
    ...positionFrom(hold.position),
    ...textFrom('description', hold.description),
    metadata: hold.metadata,
  };
}

export function placedHoldFrom({ hold, receipt }: PlaceHoldResponse): PlacedHold {
  return { ...holdFrom(hold), receipt: receiptFrom(receipt) };
}

/**
 * The answer to placing a hold, of its receipt alone, which is all that a batch tells: the hold is answered as it was
 * placed, whatever has become of it since.
 */
export function placeHoldAnswer(receipt: WireReceipt, request: PlaceHoldRequest): PlaceHoldResponse {
  const { id, from, to, amount, expiresInMs, options } = request;
  const { time, positions } = receipt;
  const hold: WireHold = {
    id,
    state: WireHoldState.HELD,
    from,
    to,
    amount,
    captured: undefined,
    time,
    expiresTime: expiresInMs === undefined ? undefined : timestampAfter(present(time, 'time'), expiresInMs),
    resolvedBy: '',
    position: positions[0],
    description: options?.description ?? '',
    metadata: options?.metadata ?? {},
  };
  return { hold, receipt };
}

/** When a hold expires; nothing if it does not. */
export function expiryFrom(wire: WireHold['expiresTime']): Pick<Hold, 'expiresTime' | 'expiresTimeMicros'> {
  if (wire === undefined) return {};
  const { time, timeMicros } = timeFrom(wire);
  return { expiresTime: time, expiresTimeMicros: timeMicros };
}

const states: Partial<Record<WireHoldState, HoldState>> = {
  [WireHoldState.HELD]: 'held',
  [WireHoldState.CAPTURED]: 'captured',
  [WireHoldState.RELEASED]: 'released',
  [WireHoldState.EXPIRED]: 'expired',
};
