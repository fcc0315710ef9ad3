import type { VerifyProgress, VerifyResult } from '@giro/sdk';
import { z } from 'zod';
import { integerSchema } from './money.js';
import { optionalSeal, sealInput, toOptionalSealJson } from './position.js';

/** What a verification may be told. */
export const verificationInput = z
  .strictObject({
    seal: sealInput.optional(),
  })
  .meta({
    id: 'VerificationRequest',
    description:
      'With a seal that was told earlier, it must be found: a journal whose tail was cut off does not have it.',
  });

export const verificationSchema = z
  .object({
    ok: z.boolean().meta({ description: 'Whether everything fits.' }),
    position: integerSchema.meta({ description: 'The last position verified, before a problem.' }),
    problem: z
      .object({ position: integerSchema, message: z.string() })
      .optional()
      .meta({ description: 'The first thing that does not fit.' }),
    head: optionalSeal,
  })
  .meta({
    id: 'Verification',
    description:
      '`head` is the seal at the end of the verified journal. Keep it: then a tail that is cut off later shows.',
  });

export function toVerificationJson(result: VerifyResult): z.output<typeof verificationSchema> {
  const { ok, position, head } = result;
  const problem = ok ? undefined : result.problem;
  return {
    ok,
    position: position.toString(),
    problem: problem && { position: problem.position.toString(), message: problem.message },
    head: toOptionalSealJson(head),
  };
}

/** The data of a progress event. */
export function toProgressJson({ position, lastPosition }: VerifyProgress) {
  return { position: position.toString(), lastPosition: lastPosition.toString() };
}
