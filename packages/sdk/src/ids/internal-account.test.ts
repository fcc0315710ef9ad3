import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAccountId, SERIAL_MAX } from './account-id.js';
import {
  INTERNAL_SERIAL_MIN,
  internalAccountId,
  internalSerial,
  isInternal,
  type InternalAccount,
} from './internal-account.js';

const currency = fc.stringMatching(/^[A-Z]{3}$/);
const branch = fc.integer({ min: 0, max: 9_999 });
const accounts = fc.oneof(
  fc.record<InternalAccount>({ branch, kind: fc.constantFrom('vault', 'capital'), currency }),
  fc.record({ branch, kind: fc.constant('interbranch' as const), currency, peerBranch: branch }),
);

test('an internal account has an id that says its branch, and a serial of the range kept for it', () => {
  fc.assert(
    fc.property(accounts, (account) => {
      const ref = parseAccountId(internalAccountId(account));
      expect(ref).toEqual({ branch: account.branch, serial: internalSerial(account) });
      expect(ref?.serial).toBeGreaterThanOrEqual(INTERNAL_SERIAL_MIN);
      expect(ref?.serial).toBeLessThanOrEqual(SERIAL_MAX);
    }),
  );
});

test('two internal accounts of a branch never share a serial', () => {
  fc.assert(
    fc.property(accounts, accounts, (one, other) => {
      const key = ({ kind, currency: code, peerBranch }: InternalAccount) =>
        `${kind} ${code} ${peerBranch ?? 0}`;
      expect(internalSerial(one) === internalSerial(other)).toBe(key(one) === key(other));
    }),
  );
});

test('isInternal draws the line below the first internal serial', () => {
  expect(isInternal({ serial: INTERNAL_SERIAL_MIN - 1 })).toBe(false);
  expect(isInternal({ serial: INTERNAL_SERIAL_MIN })).toBe(true);
});

test('serials are fixed for ever: they stand in books', () => {
  expect(internalSerial({ kind: 'vault', currency: 'AAA' })).toBe(4_000_000_000);
  expect(internalSerial({ kind: 'vault', currency: 'USD' })).toBe(4_139_910_000);
  expect(internalSerial({ kind: 'capital', currency: 'USD' })).toBe(5_139_910_000);
  expect(internalSerial({ kind: 'interbranch', currency: 'USD', peerBranch: 17 })).toBe(6_139_910_017);
});
