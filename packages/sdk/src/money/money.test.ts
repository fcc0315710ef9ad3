import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { money, toDecimal } from './money.js';

const MAX = 2n ** 63n - 1n;

describe('money', () => {
  test.for<[string | bigint, string, bigint]>([
    ['100.00', 'USD', 10_000n],
    ['0.01', 'USD', 1n],
    ['-0.50', 'USD', -50n],
    ['100', 'JPY', 100n],
    ['1.234', 'KWD', 1_234n],
    ['1.20', 'MGA', 120n],
    ['92233720368547758.07', 'USD', MAX],
    ['-92233720368547758.08', 'USD', -MAX - 1n],
    ['007.00', 'EUR', 700n],
    [5n, 'USD', 5n],
    [-MAX - 1n, 'USD', -MAX - 1n],
  ])('%o %s is %o minor units', ([amount, currency, minor]) => {
    expect(money(amount, currency)).toEqual({ amount: minor, currency });
  });

  test.for<[unknown, unknown, string]>([
    [100, 'USD', 'amount'],
    [0.1, 'USD', 'amount'],
    [Number.NaN, 'USD', 'amount'],
    [undefined, 'USD', 'amount'],
    [null, 'USD', 'amount'],
    ['', 'USD', 'amount'],
    ['100', 'USD', 'amount'],
    ['100.0', 'USD', 'amount'],
    ['100.000', 'USD', 'amount'],
    ['1e2', 'USD', 'amount'],
    ['1,000.00', 'USD', 'amount'],
    [' 1.00', 'USD', 'amount'],
    ['1.00\n', 'USD', 'amount'],
    ['+1.00', 'USD', 'amount'],
    ['--1.00', 'USD', 'amount'],
    ['.50', 'USD', 'amount'],
    ['1.2.3', 'USD', 'amount'],
    ['٣.00', 'USD', 'amount'],
    ['0x10', 'JPY', 'amount'],
    ['100.', 'JPY', 'amount'],
    ['100.00', 'JPY', 'amount'],
    ['92233720368547758.08', 'USD', 'amount'],
    [MAX + 1n, 'USD', 'amount'],
    [-MAX - 2n, 'USD', 'amount'],
    ['1.00', 'usd', 'currency'],
    ['1.00', 'XYZ', 'currency'],
    ['1.00', '', 'currency'],
    ['1.00', undefined, 'currency'],
    ['1.00', 'constructor', 'currency'],
  ])('%o %o is refused', ([amount, currency, field]) => {
    const make = () => Reflect.apply(money, undefined, [amount, currency]) as unknown;
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(expect.objectContaining({ field }));
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(money(1n, 'USD'))).toBe(true);
  });
});

describe('toDecimal', () => {
  test.for<[bigint, string, string]>([
    [2_550n, 'USD', '25.50'],
    [5n, 'USD', '0.05'],
    [-5n, 'USD', '-0.05'],
    [0n, 'USD', '0.00'],
    [100n, 'JPY', '100'],
    [-1n, 'KWD', '-0.001'],
  ])('%o %s is %s', ([amount, currency, text]) => {
    expect(toDecimal({ amount, currency })).toBe(text);
  });

  test('undoes money for every amount and currency', () => {
    const amount = fc.bigInt({ min: -MAX - 1n, max: MAX });
    fc.assert(
      fc.property(amount, fc.constantFrom('USD', 'JPY', 'KWD', 'CLF', 'MRU'), (minor, currency) => {
        const text = toDecimal({ amount: minor, currency });
        expect(money(text, currency)).toEqual({ amount: minor, currency });
      }),
    );
  });

  test('of an unknown currency is refused', () => {
    expect(() => toDecimal({ amount: 1n, currency: 'XYZ' })).toThrow(InvalidArgumentError);
  });
});
