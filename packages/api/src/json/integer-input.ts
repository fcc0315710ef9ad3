import { z } from 'zod';

/**
 * A whole number of up to 64 bits in requests: a decimal string, or a safe integer, since JSON's own numbers lose digits
 * beyond 2^53.
 *
 * @param noun - what it counts, for the message, such as `minor units`
 * @param example - of such a string, for the message
 */
export function integerInput(minimum: bigint, maximum: bigint, noun: string, example: string) {
  const problem = `must be ${noun} as a decimal string such as '${example}', or a safe integer: ${minimum} to ${maximum}`;
  const least = clamp(minimum, BigInt(Number.MIN_SAFE_INTEGER));
  return z
    .union([z.string().regex(decimalFrom(minimum), problem), z.int(problem).min(least, problem)], {
      error: ({ input }) => (input === undefined ? undefined : problem),
    })
    .transform((value) => BigInt(value))
    .refine((value) => value >= minimum && value <= maximum, problem);
}

/** Never padded, so that one number has one text; at most as many digits as 64 bits can need. */
function decimalFrom(minimum: bigint): RegExp {
  if (minimum < 0n) return /^(0|-?[1-9]\d{0,18})$/;
  return minimum === 0n ? /^(0|[1-9]\d{0,18})$/ : /^[1-9]\d{0,18}$/;
}

function clamp(value: bigint, least: bigint): number {
  return Number(value < least ? least : value);
}
