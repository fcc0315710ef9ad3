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
