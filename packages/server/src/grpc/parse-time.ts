import { microsFromTimestamp, type Timestamp } from '@giro/sdk/protocol';
import { invalid } from './parse.js';

/** The years 1 to 9999, as `google.protobuf.Timestamp` has it. */
const SECONDS_MIN = -62_135_596_800n;
const SECONDS_MAX = 253_402_300_799n;

const NANOS_MAX = 999_999_999;

/** Microseconds since 1970; a part of a microsecond is dropped. */
export function parseTime(time: Timestamp, field: string): bigint {
  const { seconds, nanos } = time;
  if (seconds < SECONDS_MIN || seconds > SECONDS_MAX || nanos < 0 || nanos > NANOS_MAX) {
    throw invalid(field, 'must be a time in the years 1 to 9999');
  }
  return microsFromTimestamp(time);
}

/** Microseconds since 1970; a part of a microsecond counts as a whole one. */
export function parseTimeRoundedUp(time: Timestamp, field: string): bigint {
  const micros = parseTime(time, field);
  return time.nanos % 1_000 === 0 ? micros : micros + 1n;
}
