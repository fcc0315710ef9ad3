import { expect, test } from 'vitest';
import { ExecuteBatchRequest, TransferRequest, type Command } from '../gen/giro/v1/transfer_service.js';
import { MESSAGE_BYTES_MAX } from '../limits.js';
import { FRAME_BYTES_MAX } from './joint.js';
import { jointWrites } from './joint-writes.js';

const TRANSFER_TAG = (3 << 3) | 2;

function transferOf(bytes: number): TransferRequest {
  const transfer = { id: '', from: '', to: '', amount: undefined, options: undefined };
  const overhead = TransferRequest.encode({ ...transfer, id: 'x'.repeat(bytes) }).finish().length - bytes;
  return { ...transfer, id: 'x'.repeat(bytes - overhead) };
}

const sizes = [2, 100, 125, 126, 127, 128, 129, 16_380, 16_383, 16_384, 16_386, 2 ** 21, MESSAGE_BYTES_MAX];

test.for(sizes)('requests around %i bytes make the batch that the protocol says', (size) => {
  const transfers = [size, 50, size + 1].map(transferOf);
  const commands = transfers.map((value): Command => ({ command: { $case: 'transfer', value } }));
  const calls = transfers.map((value) => ({
    bytes: TransferRequest.encode(value).finish(),
    share: { items: 1, tag: TRANSFER_TAG },
  }));
  const batch = jointWrites.encode(calls);
  expect(Buffer.compare(batch, ExecuteBatchRequest.encode({ commands }).finish())).toBe(0);
  const ownBytes = calls.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(batch.length - ownBytes).toBeLessThanOrEqual(calls.length * FRAME_BYTES_MAX);
});
