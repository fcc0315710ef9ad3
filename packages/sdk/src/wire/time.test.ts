import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateFromTimestamp, microsFromTimestamp, timestampFromMicros } from './time.js';

test('times keep their microseconds over the wire', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 253_402_300_799_999_999n }), (micros) => {
      const timestamp = timestampFromMicros(micros);
      expect(timestamp.nanos).toBeLessThan(1_000_000_000);
      expect(microsFromTimestamp(timestamp)).toBe(micros);
    }),
  );
});

test('dates are times without what is below a millisecond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 253_402_300_799_999_999n }), (micros) => {
      const date = dateFromTimestamp(timestampFromMicros(micros));
      expect(BigInt(date.getTime())).toBe(micros / 1_000n);
    }),
  );
});

test('what is below a microsecond is dropped', () => {
  expect(microsFromTimestamp({ seconds: 1n, nanos: 1_999 })).toBe(1_000_001n);
});
