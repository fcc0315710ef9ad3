import { METADATA_KEY_LENGTH_MAX, METADATA_PAIRS_MAX, METADATA_VALUE_LENGTH_MAX } from '@giro/sdk';
import { z } from 'zod';

const bounds = `at most ${METADATA_PAIRS_MAX} pairs, with keys of 1 to ${METADATA_KEY_LENGTH_MAX} characters and values of at most ${METADATA_VALUE_LENGTH_MAX}`;

/** Metadata in requests. */
export const metadataInput = z
  .preprocess(
    withoutPrototype,
    z
      .record(z.string().min(1).max(METADATA_KEY_LENGTH_MAX), z.string().max(METADATA_VALUE_LENGTH_MAX))
      .refine(
        (pairs) => Object.keys(pairs).length <= METADATA_PAIRS_MAX,
        `must have at most ${METADATA_PAIRS_MAX} pairs`,
      ),
  )
  .meta({
    id: 'Metadata',
    type: 'object',
    additionalProperties: { type: 'string', maxLength: METADATA_VALUE_LENGTH_MAX },
    maxProperties: METADATA_PAIRS_MAX,
    description: `For programs: ${bounds}. Returned, never interpreted.`,
    example: { invoice: '2026-0042' },
  });

/** Metadata in answers. */
export const metadataSchema = z.record(z.string(), z.string());

/** A pair of this name would get lost on the way, since JavaScript means something else by it. */
function withoutPrototype(value: unknown, context: z.core.$RefinementCtx): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')) {
    context.addIssue({ code: 'custom', path: ['__proto__'], message: 'is not taken as a key' });
  }
  return value;
}
