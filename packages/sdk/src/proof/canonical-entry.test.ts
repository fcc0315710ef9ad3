import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AccountKind, AccountState } from '../gen/giro/v1/account_service.js';
import { entries } from './canonical-entry.fixture.js';
import {
  ACCOUNT_KIND_NUMBERS,
  ACCOUNT_STATUS_NUMBERS,
  CHANGE_NUMBERS,
  decodeEntry,
  encodeEntry,
  entryLeaf,
  type CanonicalEntry,
} from './canonical-entry.js';
import { leafHash } from './merkle.js';

const capture: CanonicalEntry = {
  branch: 17,
  position: 258,
  timeMicros: 1_763_876_543_210_987,
  writeId: '0190163d-8694-739b-aea5-966c26f8ad91',
  ordinal: 0,
  group: { id: '0190163d-8694-739b-aea5-966c26f8ad92', index: 3 },
  actor: 'zoë',
  notes: { hash: Buffer.alloc(32, 0xab) },
  body: '{"kind":"captureHold"}',
  change: {
    kind: 'posting',
    debit: 1,
    credit: 6_139_910_018,
    amount: 1_000n,
    currency: 'USD',
    debitBalance: -1n,
    creditBalance: 2n ** 63n - 1n,
    counterparty: { branch: 18, serial: 7 },
    capture: { hold: '0190163d-8694-739b-aea5-966c26f8ad93', held: 1_500n },
    reversalOf: undefined,
  },
};

/** Field by field, as docs/format.md has it. */
const captureBytes = [
  '01', // version
  '0011', // branch
  '0000000000000102', // position
  '0006443c82c925eb', // time
  '03', // a posting
  '0190163d8694739baea5966c26f8ad91', // write id
  '0000', // ordinal
  '01 0190163d8694739baea5966c26f8ad92 0003', // group and index
  '0004 7a6fc3ab', // actor
  `01 ${'ab'.repeat(32)}`, // notes
  '01 00000016 7b226b696e64223a2263617074757265486f6c64227d', // body
  '0000000000000001', // debit
  '000000016df79782', // credit
  '00000000000003e8', // amount
  '555344', // USD
  'ffffffffffffffff', // debit balance
  '7fffffffffffffff', // credit balance
  '01 0012 0000000000000007', // counterparty
  '01 0190163d8694739baea5966c26f8ad93 00000000000005dc', // hold and what it had reserved
  '00', // no reversal
]
  .join('')
  .replaceAll(' ', '');

describe('the canonical bytes of an entry', () => {
  test('are these for ever (R9)', () => {
    expect(encodeEntry(capture).toString('hex')).toBe(captureBytes);
    expect(decodeEntry(Buffer.from(captureBytes, 'hex'))).toEqual(capture);
  });

  test('are read back to an equal entry, whatever it is', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
      }),
      { numRuns: 1_000 },
    );
  });

  test('differ if anything in the entry differs', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (entry, place, flip) => {
        const bytes = encodeEntry(entry);
        const at = place % bytes.length;
        bytes[at] = bytes[at]! ^ flip;
        const other = decodedOrNone(bytes);
        // What other bytes say is another entry, which has these as its only ones.
        if (other === undefined) return;
        expect(other).not.toEqual(entry);
        expect(encodeEntry(other)).toEqual(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are neither fewer nor more than they should be', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const bytes = encodeEntry(entry);
        for (let length = 0; length < bytes.length; length++) {
          expect(() => decodeEntry(bytes.subarray(0, length))).toThrow(RangeError);
        }
        expect(() => decodeEntry(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('1 bytes too many');
      }),
      { numRuns: 20 },
    );
  });

  test('do not share memory with those of the next entry', () => {
    const first = encodeEntry(capture);
    encodeEntry({ ...capture, position: 259 });
    expect(first.toString('hex')).toBe(captureBytes);
  });

  test('hold as much as a body can have', () => {
    const body = 'é'.repeat(300_000);
    expect(decodeEntry(encodeEntry({ ...capture, body }))).toEqual({ ...capture, body });
  });

  test.for<[string, Partial<CanonicalEntry>]>([
    ['a branch beyond 16 bits', { branch: 65_536 }],
    ['a negative branch', { branch: -1 }],
    ['half a position', { position: 1.5 }],
    ['a position beyond 2^53', { position: 2 ** 53 }],
    ['a negative time', { timeMicros: -1 }],
    ['an ordinal beyond 16 bits', { ordinal: 32_768 }],
    ['an id that is no UUID', { writeId: 'write 1' }],
    ['a UUID in upper case', { writeId: capture.writeId.toUpperCase() }],
    ['a short hash', { notes: { hash: Buffer.alloc(31) } }],
    ['an actor of more than 65,535 bytes', { actor: 'a'.repeat(65_536) }],
    ['an amount beyond 64 bits', { change: { ...posting(), amount: 2n ** 63n } }],
    ['a currency that is none', { change: { ...posting(), currency: 'usd' } }],
    ['a kind that is none', { change: { kind: 'toString' } as unknown as CanonicalEntry['change'] }],
  ])('are not made of %s', ([, wrong]) => {
    expect(() => encodeEntry({ ...capture, ...wrong })).toThrow(RangeError);
  });

  test.for<[string, string, string]>([
    ['another version', captureBytes.replace(/^01/, '02'), 'version 2'],
    ['a kind that is none', captureBytes.replace('c925eb03', 'c925eb0d'), '13 stands for none of'],
    ['a flag that is none', captureBytes.replace(/00$/, '02'), 'a flag of 2'],
    ['a text that is not UTF-8', captureBytes.replace('c3ab', 'c3c3'), 'not UTF-8'],
    ['a currency that is none', captureBytes.replace('555344', '757364'), 'no currency code'],
  ])('are not read with %s', ([, hex, problem]) => {
    expect(() => decodeEntry(Buffer.from(hex, 'hex'))).toThrow(problem);
  });

  test('have the metadata of a refusal in one order only', () => {
    const refusal = (metadata: Record<string, string>): CanonicalEntry => ({
      ...capture,
      change: { kind: 'refusal', refusal: { reason: 'REFUSED', metadata } },
    });
    const bytes = encodeEntry(refusal({ b: '2', a: '1' }));
    expect(bytes).toEqual(encodeEntry(refusal({ a: '1', b: '2' })));
    const hex = bytes.toString('hex');
    const turned = hex.replace('00016100013100016200' + '0132', '00016200013200016100' + '0131');
    expect(turned).not.toBe(hex);
    expect(() => decodeEntry(Buffer.from(turned, 'hex'))).toThrow('keys that are not in order');
    const twice = hex.replace('00016100013100016200', '00016200013100016200');
    expect(() => decodeEntry(Buffer.from(twice, 'hex'))).toThrow('keys that are not in order');
  });
});

test('accounts have the numbers that they have on the wire', () => {
  const upper = (numbers: object) =>
    Object.fromEntries(
      Object.entries(numbers).map(([name, number]) => [name.toUpperCase(), number as number]),
    );
  expect(AccountKind).toMatchObject(upper(ACCOUNT_KIND_NUMBERS));
  expect(AccountState).toMatchObject(upper(ACCOUNT_STATUS_NUMBERS));
});

test('no two kinds of changes share a number', () => {
  const numbers = Object.values(CHANGE_NUMBERS);
  expect([...numbers].sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
});

function posting() {
  if (capture.change.kind !== 'posting') throw new Error('not a posting');
  return capture.change;
}

function decodedOrNone(bytes: Uint8Array): CanonicalEntry | undefined {
  try {
    return decodeEntry(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return undefined;
  }
}

test('an entry is hashed as the leaf that its bytes are (R9)', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      expect(entryLeaf(entry)).toEqual(leafHash(encodeEntry(entry)));
    }),
  );
});
