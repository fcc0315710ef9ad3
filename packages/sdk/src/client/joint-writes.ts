import type { Receipt as WireReceipt } from '../gen/giro/v1/receipt.js';
import type { Command } from '../gen/giro/v1/transfer_service.js';
import {
  ExecuteBatchResponse,
  TransferServiceDefinition,
  type Outcome,
} from '../gen/giro/v1/transfer_service.js';
import { present } from './answer.js';
import type { Attempted } from './attempt.js';
import { refusedItem } from './failure.js';
import type { Joint, JoinedCall, Share } from './joint.js';
import { method } from './method.js';
import type { Attempt } from './peer.js';

/** What all writes that a batch takes are answered with, if they are sent alone. */
export interface ReceiptAnswer {
  readonly receipt?: WireReceipt | undefined;
}

/** Writes go together as a batch, in which each has its own outcome. */
export const jointWrites: Joint<Outcome> = {
  path: method(TransferServiceDefinition, TransferServiceDefinition.methods.executeBatch).path,
  // A request costs client and server about as much as fifty writes.
  worthwhile: 256,
  // Decoding its answer keeps the event loop for about ten milliseconds.
  itemsMax: 2_048,
  encode: encodeBatch,
  split: (answer, calls) => {
    const { outcomes } = ExecuteBatchResponse.decode(answer);
    if (outcomes.length !== calls.length) {
      throw new Error(`${outcomes.length} outcomes for ${calls.length} commands`);
    }
    return outcomes;
  },
  // A batch is never refused for one of its writes.
  mayBeOfOne: () => false,
};

/** Attempts at a write that a batch takes, too. */
export function joinedWrite(kind: JoinedKind): Attempt<ReceiptAnswer> {
  const tag = messageTag(commandFields[kind]);
  const share: Share<Outcome, ReceiptAnswer> = { items: 1, tag, open: openOutcome };
  return (peer, terms) => peer.writes.attempt(terms, share);
}

/**
 * The writes that go together. Not among them: placing a hold, which is answered with the hold as it is by then, and
 * groups, which count as many.
 */
export type JoinedKind = Exclude<NonNullable<Command['command']>['$case'], 'placeHold' | 'group'>;

function openOutcome({ outcome }: Outcome): Attempted<ReceiptAnswer> {
  const { $case, value } = present(outcome, 'outcome');
  if ($case === 'refusal') return { kind: 'failed', failure: refusedItem(value) };
  if ($case !== 'receipt') throw new Error(`a ${$case} for a single write`);
  return { kind: 'done', result: { receipt: value } };
}

/**
 * Puts encoded requests into an ExecuteBatchRequest as they are: each, under the tag of its kind, is a Command, and each
 * of these an element of `commands`.
 */
function encodeBatch(calls: readonly JoinedCall[]): Uint8Array {
  let size = 0;
  for (const { bytes } of calls)
    size += commandSize(bytes.length) + 1 + varintSize(commandSize(bytes.length));
  const batch = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { bytes, share } of calls) {
    batch[at] = COMMANDS_TAG;
    at = putVarint(batch, at + 1, commandSize(bytes.length));
    batch[at] = share.tag;
    at = putVarint(batch, at + 1, bytes.length);
    batch.set(bytes, at);
    at += bytes.length;
  }
  return batch;
}

/** Bytes of a command around a request of this many. */
function commandSize(requestSize: number): number {
  return 1 + varintSize(requestSize) + requestSize;
}

function varintSize(value: number): number {
  return value < 2 ** 7 ? 1 : value < 2 ** 14 ? 2 : value < 2 ** 21 ? 3 : 4;
}

/** Writes a varint of up to four bytes, and returns the place after it. */
function putVarint(buffer: Buffer, start: number, value: number): number {
  let at = start;
  for (let rest = value; ; rest >>>= 7) {
    buffer[at++] = rest < 0x80 ? rest : (rest & 0x7f) | 0x80;
    if (rest < 0x80) return at;
  }
}

/** The tag of a field that holds a message. */
function messageTag(field: number): number {
  return (field << 3) | 2;
}

/** The field `commands` of ExecuteBatchRequest. */
const COMMANDS_TAG = messageTag(1);

/** Where each kind of write stands in Command. */
const commandFields: Readonly<Record<JoinedKind, number>> = {
  deposit: 1,
  withdraw: 2,
  transfer: 3,
  operatorTransfer: 4,
  captureHold: 6,
  releaseHold: 7,
  reverseTransfer: 8,
};
