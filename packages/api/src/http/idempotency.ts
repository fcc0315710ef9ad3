import { createHash } from 'node:crypto';
import { newWriteId } from '@giro/sdk';
import { z } from 'zod';
import { invalidField } from './failure.js';

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';

/** Says that the answer is that of an earlier request with the same id. */
export const REPLAYED_HEADER = 'Idempotent-Replayed';

/** The header in the OpenAPI document. */
export const idempotencyHeaders = z.object({
  [IDEMPOTENCY_KEY_HEADER]: z.string().optional().meta({
    format: 'uuid',
    description:
      'Any UUID: the id of this write, for ever. The same id with the same body always gets the first answer again. Without it the API makes one, which the answer tells; but whoever loses that answer cannot ask again.',
  }),
});

/**
 * The id of a write from the header's value, with or without the quotes of a structured header.
 *
 * @returns a new id if there is no header
 * @throws Failure if the value is no UUID
 */
export function writeIdOf(header: string | undefined): string {
  if (header === undefined) return newWriteId();
  const { success, data } = guid.safeParse(header.replace(/^"(.*)"$/, '$1'));
  if (!success) throw invalidField(IDEMPOTENCY_KEY_HEADER, 'is no UUID');
  return data.toLowerCase();
}

const guid = z.guid();

/**
 * The id of one command of a batch that names none, made from the batch's id, so that a batch sent again repeats its
 * commands instead of doubling them. A UUID of version 8 (RFC 9562, section 5.8).
 */
export function commandId(batchId: string, index: number): string {
  const bytes = createHash('sha256').update(`${batchId}:${index}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
