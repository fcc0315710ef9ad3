import { z } from 'zod';

/** A time in JSON: RFC 3339, in UTC, to the microsecond. */
export const timeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  .meta({ format: 'date-time', description: 'To the microsecond.', example: '2026-11-23T09:30:00.123456Z' });

/** Writes a time given in microseconds since 1970-01-01T00:00:00Z. */
export function toTimeJson(micros: bigint): string {
  const milliseconds = new Date(Number(micros / 1_000n)).toISOString();
  return milliseconds.replace('Z', `${(micros % 1_000n).toString().padStart(3, '0')}Z`);
}

const problem = "must be a time from 1970 on as RFC 3339 has it, such as '2026-11-23T09:30:00.123456Z'";

/** A time in requests, as microseconds since 1970-01-01T00:00:00Z. */
export const timeInput = z.iso
  .datetime({ offset: true, error: ({ input }) => (input === undefined ? undefined : problem) })
  .transform(microsOf)
  .refine((micros) => micros !== undefined && micros >= 0n, problem)
  .transform((micros = 0n) => micros)
  .meta({
    format: 'date-time',
    pattern: undefined,
    description: 'RFC 3339, to the microsecond at most, with any offset.',
    example: '2026-11-23T09:30:00.123456Z',
  });

/** @returns undefined if it is finer than to the microsecond */
function microsOf(text: string): bigint | undefined {
  const [, seconds = '', fraction = '', offset = ''] =
    /^([^.]+?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (fraction.length > 6) return undefined;
  const milliseconds = Date.parse(`${seconds}${offset}`);
  return Number.isNaN(milliseconds)
    ? undefined
    : BigInt(milliseconds) * 1_000n + BigInt(fraction.padEnd(6, '0'));
}
