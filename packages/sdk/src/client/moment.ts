import { timestampFromMicros } from '../wire/time.js';
import type { Timestamp } from '../gen/google/protobuf/timestamp.js';
import { checkFields, checkPosition, mustBe } from './arguments.js';

/**
 * A place in the history of a journal: a time as a `Date` or, exactly, as a bigint in microseconds since
 * 1970-01-01T00:00:00Z; or a position.
 */
export type Moment = Date | bigint | { readonly position: bigint };

/** A checked {@link Moment}, as the wire has it. */
export type CheckedMoment =
  | { readonly kind: 'time'; readonly value: Timestamp }
  | { readonly kind: 'position'; readonly value: bigint };

export function checkMoment(moment: unknown, field: string): CheckedMoment {
  const micros = moment instanceof Date ? microsOf(moment) : moment;
  if (typeof micros === 'bigint') {
    if (micros < 0n || micros > MICROS_MAX) throw mustBe(field, 'a time from 1970 to 9999', moment);
    return { kind: 'time', value: timestampFromMicros(micros) };
  }
  if (typeof micros !== 'object' || micros === null) {
    throw mustBe(field, 'a Date, a bigint in microseconds, or { position }', moment);
  }
  return {
    kind: 'position',
    value: checkPosition(checkFields(micros, field)['position'], `${field}.position`),
  };
}

/** @returns undefined for an invalid date */
function microsOf(date: Date): bigint | undefined {
  const ms = date.getTime();
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000n;
}

/** 9999-12-31T23:59:59.999999Z, the last that a timestamp on the wire may be. */
const MICROS_MAX = 253_402_300_799_999_999n;
