import type { Timestamp } from '../gen/google/protobuf/timestamp.js';

/** A time on the wire from microseconds since 1970-01-01T00:00:00Z. */
export function timestampFromMicros(micros: bigint): Timestamp {
  return { seconds: micros / 1_000_000n, nanos: Number(micros % 1_000_000n) * 1_000 };
}

/** A time on the wire, to the millisecond. */
export function dateFromTimestamp({ seconds, nanos }: Timestamp): Date {
  return new Date(Number(seconds) * 1_000 + Math.trunc(nanos / 1_000_000));
}

/** Microseconds since 1970-01-01T00:00:00Z from a time on the wire; nanoseconds below a microsecond are dropped. */
export function microsFromTimestamp(timestamp: Timestamp | undefined): bigint {
  if (timestamp === undefined) return 0n;
  return timestamp.seconds * 1_000_000n + BigInt(Math.trunc(timestamp.nanos / 1_000));
}

/** A time on the wire some milliseconds after another. */
export function timestampAfter(timestamp: Timestamp, ms: bigint): Timestamp {
  return timestampFromMicros(microsFromTimestamp(timestamp) + ms * 1_000n);
}
