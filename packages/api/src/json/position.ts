import type { JournalHead, JournalPosition } from '@giro/sdk';
import { z } from 'zod';
import { invalidField } from '../http/failure.js';
import { integerInput } from './integer-input.js';
import { integerSchema } from './money.js';

/** The last position that servers take; at a million entries a second it lasts for nearly three centuries. */
const POSITION_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** A position in a path, a query or a header. `minimum` 0 stands for before the beginning. */
export function positionText(minimum: 0n | 1n) {
  const problem = `must be a position, ${minimum} to ${POSITION_MAX}`;
  return z
    .string()
    .regex(minimum === 0n ? /^(0|[1-9]\d{0,15})$/ : /^[1-9]\d{0,15}$/, problem)
    .transform((text) => BigInt(text))
    .refine((value) => value <= POSITION_MAX, problem);
}

/** A position in a body. */
export function positionInput(minimum: 0n | 1n) {
  return integerInput(minimum, POSITION_MAX, 'a position', '42').meta({
    description: `A position, ${minimum} to ${POSITION_MAX}.`,
    example: '42',
  });
}

/** A hash of 32 bytes, as SHA-256 makes it, in hexadecimal. */
export const hashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256, in hexadecimal.' });

/** Bytes of any number, in hexadecimal. */
export const bytesSchema = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .meta({ description: 'Bytes, in hexadecimal.' });

const sealSchema = z
  .object({
    position: integerSchema.meta({ description: 'The last position that the seal covers.' }),
    hash: hashSchema.meta({
      description: 'SHA-256 in hexadecimal; it covers everything up to the position.',
    }),
  })
  .meta({
    id: 'Seal',
    description:
      'The end of a sealed part of a journal, which covers the position beside it: whoever keeps it can tell if the history up to there is ever changed.',
  });

/** The seal that covers a position, where it is told. */
export const optionalSeal = sealSchema.optional();

function toSealJson({ position, hash }: JournalHead): z.output<typeof sealSchema> {
  return { position: position.toString(), hash: toHex(hash) };
}

/** The seal beside a position. What is undefined, JSON leaves out. */
export function toOptionalSealJson(seal: JournalHead | undefined): z.output<typeof optionalSeal> {
  return seal && toSealJson(seal);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

const hashText = z.string().regex(/^[0-9a-fA-F]{64}$/, 'must be 32 bytes as 64 hexadecimal digits');

/** A seal that the caller has kept, in a body. */
export const sealInput = z
  .strictObject({ position: positionInput(1n), hash: hashText })
  .transform(sealOf)
  .meta({ id: 'SealInput', description: 'As a receipt, an entry or a branch tells it.' });

/** The same in a query. */
export const sealQuery = {
  sealPosition: positionText(1n).optional().meta({ description: 'Of a seal that the journal must have.' }),
  sealHash: hashText.optional().meta({ description: "That seal's hash, in hexadecimal." }),
};

/** @throws Failure if only half of the seal is there */
export function sealFromQuery(query: {
  readonly sealPosition?: bigint | undefined;
  readonly sealHash?: string | undefined;
}): JournalHead | undefined {
  const { sealPosition: position, sealHash: hash } = query;
  if (position === undefined && hash === undefined) return undefined;
  if (position === undefined) throw invalidField('sealPosition', 'is missing: a hash has its position');
  if (hash === undefined) throw invalidField('sealHash', 'is missing: a position of a seal has its hash');
  return sealOf({ position, hash });
}

function sealOf({ position, hash }: { readonly position: bigint; readonly hash: string }): JournalHead {
  return { position, hash: Buffer.from(hash, 'hex') };
}

/** Where a write stands in one branch. */
export const journalPositionSchema = z
  .object({ branch: z.int(), position: integerSchema, seal: optionalSeal })
  .meta({ id: 'JournalPosition' });

export function toJournalPositionJson({
  branch,
  position,
  seal,
}: JournalPosition): z.output<typeof journalPositionSchema> {
  return { branch, position: position.toString(), seal: toOptionalSealJson(seal) };
}
