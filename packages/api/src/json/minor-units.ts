import { z } from 'zod';

/** Minor units in requests: a decimal string, or a safe integer, since JSON's own numbers lose digits beyond 2^53. */
export function minorUnitsInput(minimum: 0 | 1, maximum: bigint) {
  const problem = `must be minor units as a decimal string such as '2550', or a safe integer: ${minimum} to ${maximum}`;
  const decimal = minimum === 0 ? /^(0|[1-9]\d{0,18})$/ : /^[1-9]\d{0,18}$/;
  return z
    .union([z.string().regex(decimal, problem), z.int(problem).min(minimum, problem)], {
      error: ({ input }) => (input === undefined ? undefined : problem),
    })
    .transform((value) => BigInt(value))
    .refine((value) => value <= maximum, problem)
    .meta({
      description: `Minor units, ${minimum} to ${maximum}. Beyond 2^53 only as a string.`,
      example: '2550',
    });
}
