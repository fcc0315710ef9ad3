import { Mod97_10 } from '@konfirm/iso7064';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAccountId, isBranchId, parseAccountId, SERIAL_MAX, type AccountRef } from './account-id.js';

const refs = fc.record<AccountRef>({
  branch: fc.integer({ min: 0, max: 9_999 }),
  serial: fc.integer({ min: 1, max: SERIAL_MAX }),
});

test('formatAccountId writes branch, serial and two check digits', () => {
  expect(formatAccountId({ branch: 17, serial: 1_042 })).toBe('17-1042-02');
  expect(formatAccountId({ branch: 0, serial: 1 })).toBe('0-1-95');
});

test('the check digits are those of ISO 7064 MOD 97-10 over the padded digits', () => {
  fc.assert(
    fc.property(refs, ({ branch, serial }) => {
      const digits = String(branch).padStart(4, '0') + String(serial).padStart(10, '0');
      const check = formatAccountId({ branch, serial }).split('-')[2] ?? '';
      expect(check).toMatch(/^\d\d$/);
      // Two numbers of two digits may do: 01 and 98, 00 and 97. We write the greater, as IBANs do.
      const oracle = Number(Mod97_10.checksum(digits));
      expect(Number(check)).toBe(oracle < 2 ? oracle + 97 : oracle);
    }),
  );
});

describe('parseAccountId', () => {
  test('reads what formatAccountId writes', () => {
    fc.assert(
      fc.property(refs, (ref) => {
        expect(parseAccountId(formatAccountId(ref))).toEqual(ref);
      }),
    );
  });

  test('sees every wrong digit', () => {
    fc.assert(
      fc.property(refs, fc.nat(), fc.integer({ min: 1, max: 9 }), (ref, place, shift) => {
        const id = formatAccountId(ref);
        const digits = [...id.matchAll(/\d/g)].map(({ index }) => index);
        const at = digits[place % digits.length] ?? 0;
        const wrong = (Number(id[at]) + shift) % 10;
        expect(parseAccountId(`${id.slice(0, at)}${wrong}${id.slice(at + 1)}`)).toBeUndefined();
      }),
    );
  });

  test('sees two neighbouring digits swapped', () => {
    fc.assert(
      fc.property(refs, fc.nat(), (ref, place) => {
        const id = formatAccountId(ref);
        const pairs = [...id.matchAll(/(?=(\d)-?(\d))/g)].filter(([, a, b]) => a !== b);
        const pair = pairs[place % Math.max(pairs.length, 1)];
        fc.pre(pair !== undefined);
        const first = pair.index;
        const second = id[first + 1] === '-' ? first + 2 : first + 1;
        const between = id.slice(first + 1, second);
        const swapped = `${id.slice(0, first)}${id[second]}${between}${id[first]}${id.slice(second + 1)}`;
        expect(parseAccountId(swapped)).toBeUndefined();
      }),
    );
  });

  test('sees a moved hyphen, but for one in 97 that fits by chance', () => {
    const short = refs.filter(({ branch, serial }) => branch < 1_000 && serial < 1_000_000_000);
    const moved = fc.sample(short, { seed: 5, numRuns: 20_000 }).flatMap((ref) => {
      const [head = '', tail = '', check = ''] = formatAccountId(ref).split('-');
      const right = `${head}${tail.slice(0, 1)}-${tail.slice(1)}-${check}`;
      const left = `${head.slice(0, -1)}-${head.slice(-1)}${tail}-${check}`;
      return [right, left].filter((id) => /^(0|[1-9]\d*)-[1-9]\d*-/.test(id));
    });
    const unseen = moved.filter((id) => parseAccountId(id) !== undefined).length;
    expect(moved.length).toBeGreaterThan(20_000);
    expect(unseen / moved.length).toBeLessThan(1.2 / 97);
  });

  test.for([
    '',
    '17',
    '17-1042',
    '017-1042-02',
    '17-01042-02',
    '17-1042-2',
    '17-0-01',
    '17-1042-02 ',
    '١٧-1042-02',
  ])('%o is none', (id) => {
    expect(parseAccountId(id)).toBeUndefined();
  });

  test('never throws, and takes nothing that it would write otherwise', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9-]{0,20}$/), (text) => {
        const ref = parseAccountId(text);
        if (ref !== undefined) expect(formatAccountId(ref)).toBe(text);
      }),
    );
  });
});

test.for<[number, boolean]>([
  [0, true],
  [9_999, true],
  [10_000, false],
  [-1, false],
  [1.5, false],
  [Number.NaN, false],
  [Infinity, false],
])('%d as a branch id: %o', ([branch, is]) => {
  expect(isBranchId(branch)).toBe(is);
});
