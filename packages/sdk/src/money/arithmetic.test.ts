import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { AMOUNT_MAX } from '../limits.js';
import { addMoney, compareMoney, splitMoney, subtractMoney } from './arithmetic.js';
import { formatMoney } from './format-money.js';
import { money, toDecimal, type Money } from './money.js';

const usd = (amount: string) => money(amount, 'USD');

describe('adding, subtracting and comparing', () => {
  test('stay exact', () => {
    expect(addMoney(usd('0.10'), usd('0.20'))).toEqual(usd('0.30'));
    expect(subtractMoney(usd('0.10'), usd('0.30'))).toEqual(usd('-0.20'));
    expect([usd('2.00'), usd('-1.00'), usd('1.50')].sort(compareMoney).map(toDecimal)).toEqual([
      '-1.00',
      '1.50',
      '2.00',
    ]);
    expect(compareMoney(usd('1.00'), usd('1.00'))).toBe(0);
  });

  test.for([addMoney, subtractMoney, compareMoney])('%o refuses to mix currencies', (calculate) => {
    const mix = () => calculate(usd('1.00'), money('1.00', 'EUR'));
    expect(mix).toThrow(InvalidArgumentError);
    expect(mix).toThrow("'USD' and 'EUR' do not mix");
  });

  test('refuse what does not fit into 64 bits (R2)', () => {
    const most = money(AMOUNT_MAX, 'USD');
    expect(() => addMoney(most, usd('0.01'))).toThrow(InvalidArgumentError);
    expect(() => subtractMoney(money(-AMOUNT_MAX - 1n, 'USD'), usd('0.01'))).toThrow(InvalidArgumentError);
  });
});

describe('splitting', () => {
  test.for<[string, number[], string[]]>([
    ['100.00', [1, 1, 1], ['33.34', '33.33', '33.33']],
    ['0.05', [3, 7], ['0.02', '0.03']],
    ['-1.00', [1, 2], ['-0.34', '-0.66']],
    ['0.01', [0, 1, 1], ['0.00', '0.01', '0.00']],
    ['0.00', [1, 1], ['0.00', '0.00']],
  ])('%s by %o is %o', ([amount, ratios, parts]) => {
    expect(splitMoney(usd(amount), ratios).map(toDecimal)).toEqual(parts);
  });

  test('loses nothing and gives each part its share, to the minor unit', () => {
    const ratios = fc
      .array(fc.nat(1_000), { minLength: 1, maxLength: 20 })
      .filter((each) => each.some((r) => r > 0));
    fc.assert(
      fc.property(fc.bigInt({ min: -AMOUNT_MAX, max: AMOUNT_MAX }), ratios, (amount, weights) => {
        const parts = splitMoney({ amount, currency: 'JPY' }, weights);
        expect(parts.reduce((sum, part) => sum + part.amount, 0n)).toBe(amount);
        const total = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
        parts.forEach((part, i) => {
          const off = part.amount * total - amount * BigInt(weights[i] ?? 0);
          expect(off < 0n ? -off : off).toBeLessThan(total);
        });
      }),
    );
  });

  test.for<unknown[]>([
    [],
    [0, 0],
    [-1, 2],
    [0.5, 0.5],
    [Number.NaN],
    ['1'],
    Array.from({ length: 10_001 }, () => 1),
  ])('by %o is refused', (ratios) => {
    expect(() => splitMoney(usd('1.00'), ratios as number[])).toThrow(InvalidArgumentError);
  });
});

test.for<unknown[]>([[undefined], [5], ['1.00'], [{ amount: 100, currency: 'USD' }], [{ amount: 100n }]])(
  'what is no money, such as %o, is refused everywhere',
  ([wrong]) => {
    const no = wrong as Money;
    for (const use of [
      () => addMoney(usd('1.00'), no),
      () => subtractMoney(no, usd('1.00')),
      () => compareMoney(no, no),
      () => splitMoney(no, [1]),
      () => splitMoney(usd('1.00'), wrong as number[]),
      () => toDecimal(no),
      () => formatMoney(no),
    ])
      expect(use).toThrow(InvalidArgumentError);
  },
);
