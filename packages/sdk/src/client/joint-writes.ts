import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { Receipt as WireReceipt } from '../gen/giro/v1/receipt.js';
import { Outcome, TransferServiceDefinition, type Command } from '../gen/giro/v1/transfer_service.js';
import { present } from './answer.js';
import type { Attempted } from './attempt.js';
import { commandBytesMax } from './command-bytes.js';
import { refusedItem } from './failure.js';
import type { Joint, Share } from './joint.js';
import { method } from './method.js';
import type { Attempt } from './peer.js';

/** What all writes that a batch takes are answered with, if they are sent alone. */
export interface ReceiptAnswer {
  readonly receipt?: WireReceipt | undefined;
}

const executeBatch = method(TransferServiceDefinition, TransferServiceDefinition.methods.executeBatch);

/** Writes go together as a batch, in which each has its own outcome. */
export const jointWrites: Joint<Command, Outcome> = {
  path: executeBatch.path,
  // A request costs client and server about as much as fifty writes.
  worthwhile: 256,
  // A few of a server's commits: more would only make longer pauses, here and there.
  itemsMax: 1_024,
  encode: (commands) => executeBatch.encode({ commands: [...commands] }),
  split: (answer, { length }) => {
    const count = countOutcomes(answer);
    if (count !== length) throw new Error(`${count} outcomes for ${length} commands`);
    return readOutcomes(answer);
  },
  // A batch is never refused for one of its writes.
  mayBeOfOne: () => false,
};

/**
 * Attempts at a write that a batch takes, too.
 *
 * @param toCommand - puts the request of the write into its place among the commands of a batch
 */
export function joinedWrite<Request>(
  toCommand: (value: Request) => JoinedCommand,
): Attempt<Request, ReceiptAnswer> {
  return joined<Request, ReceiptAnswer>(toCommand, (receipt) => ({ receipt }));
}

/**
 * Attempts at a write that a batch takes, too, and answers with less than the write alone.
 *
 * @param answerOf - makes the answer that the write alone would have got
 */
export function joined<Request, Answer>(
  toCommand: (value: Request) => JoinedCommand,
  answerOf: (receipt: WireReceipt, request: Request) => Answer,
): Attempt<Request, Answer> {
  const itemOf = (request: Request): Command => ({ command: toCommand(request) });
  const share: Share<Request, Answer, Command, Outcome> = {
    itemOf,
    countOf: () => 1,
    bytesMaxOf: (request) => commandBytesMax(itemOf(request)),
    open: (outcome, request) => {
      const opened = openOutcome(outcome);
      return opened.kind === 'done' ? { kind: 'done', result: answerOf(opened.result, request) } : opened;
    },
  };
  return (peer, terms, settled) => {
    peer.writes.attempt(terms, share, settled);
  };
}

/** The writes that go together. Not among them: groups, which count as many. */
type JoinedCommand = Exclude<NonNullable<Command['command']>, { readonly $case: 'group' }>;

function openOutcome({ outcome }: Outcome): Attempted<WireReceipt> {
  const { $case, value } = present(outcome, 'outcome');
  if ($case === 'refusal') return { kind: 'failed', failure: refusedItem(value) };
  if ($case !== 'receipt') throw new Error(`a ${$case} for a single write`);
  return { kind: 'done', result: value };
}

function countOutcomes(answer: Uint8Array): number {
  const reader = new BinaryReader(answer);
  let count = 0;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (isOutcome(field, wireType)) count += 1;
    reader.skip(wireType);
  }
  return count;
}

/** Decodes an ExecuteBatchResponse outcome by outcome: as one message it would outlive a collection of garbage. */
function* readOutcomes(answer: Uint8Array): Generator<Outcome, void, undefined> {
  // What is cut out of a Buffer is a Buffer again, which is slower to make than a plain array.
  const reader = new BinaryReader(new Uint8Array(answer.buffer, answer.byteOffset, answer.length));
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (isOutcome(field, wireType)) yield Outcome.decode(reader, reader.uint32());
    else reader.skip(wireType);
  }
}

/** `outcomes` is the first field of ExecuteBatchResponse. */
function isOutcome(field: number, wireType: WireType): boolean {
  return field === 1 && wireType === WireType.LengthDelimited;
}
