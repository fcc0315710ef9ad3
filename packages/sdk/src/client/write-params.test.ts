import { describe, expect, test } from 'vitest';
import type { DepositRequest } from '../gen/giro/v1/transfer_service.js';
import { AMOUNT_MAX } from '../limits.js';
import { money } from '../money/money.js';
import type { BankError } from '../errors/bank-error.js';
import { checkDeposit } from './moves.js';
import type { WriteParams } from './write-params.js';

const A = '17-1042-02';
const B = '0-1-95';
const amount = money('1.00', 'USD');

function optionsOf(params: WriteParams): DepositRequest['options'] {
  return checkDeposit({ to: A, amount, ...params }).request.options;
}

describe('what a write carries besides its own fields', () => {
  test('is left out if there is none of it: absent is the default', () => {
    for (const params of [
      {},
      { description: undefined, metadata: undefined, preconditions: undefined },
      { description: '', metadata: {}, preconditions: [] },
    ]) {
      expect(optionsOf(params)).toBeUndefined();
    }
  });

  test('is passed on as it is, up to its bounds', () => {
    const description = '🏦'.repeat(128);
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, i) => [`${i}`.padStart(64, 'k'), 'v'.repeat(256)]),
    );
    const preconditions = [
      { account: A, balanceAtLeast: -AMOUNT_MAX, balanceAtMost: AMOUNT_MAX, position: 0n },
      ...Array.from({ length: 15 }, () => ({ account: B, position: 7n })),
    ];
    expect(optionsOf({ description, metadata, preconditions })).toEqual({
      description,
      metadata,
      preconditions,
    });
    expect(optionsOf({ metadata: { a: '' } })).toEqual({
      description: '',
      metadata: { a: '' },
      preconditions: [],
    });
  });

  test('a key of metadata is data, whatever its name', () => {
    const metadata = { constructor: 'y', toString: 'z' };
    expect(optionsOf({ metadata })?.metadata).toEqual(metadata);
  });

  test('the one key that decoded messages would lose is refused', () => {
    const metadata = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    expect(() => optionsOf({ metadata })).toThrow('metadata.__proto__: is not taken as a key');
  });

  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
  test.for<[params: Record<string, unknown>, field: string]>([
    [{ description: 5 }, 'description'],
    [{ description: null }, 'description'],
    [{ description: 'x'.repeat(257) }, 'description'],
    [{ description: '\ud800' }, 'description'],
    [{ description: 'a\u0000b' }, 'description'],
    [{ description: 'two\nlines' }, 'description'],
    [{ description: '\ufffd' }, 'description'],
    [{ metadata: 'a=b' }, 'metadata'],
    [{ metadata: [] }, 'metadata'],
    [{ metadata: pairs(17) }, 'metadata'],
    [{ metadata: { '': 'v' } }, 'metadata'],
    [{ metadata: { ['k'.repeat(65)]: 'v' } }, 'metadata'],
    [{ metadata: { a: 5 } }, 'metadata.a'],
    [{ metadata: { a: 'v'.repeat(257) } }, 'metadata.a'],
    [{ metadata: { a: '\udc00' } }, 'metadata.a'],
    [{ preconditions: {} }, 'preconditions'],
    [{ preconditions: Array.from({ length: 17 }, () => ({ account: A, position: 1n })) }, 'preconditions'],
    [{ preconditions: [null] }, 'preconditions[0]'],
    [{ preconditions: [{ account: A, position: 1n }, { account: A }] }, 'preconditions[1]'],
    [{ preconditions: [{ account: A, balanceAtleast: 5n }] }, 'preconditions[0]'],
    [{ preconditions: [{ position: 1n }] }, 'preconditions[0].account'],
    [{ preconditions: [{ account: A, position: 1 }] }, 'preconditions[0].position'],
    [{ preconditions: [{ account: A, position: -1n }] }, 'preconditions[0].position'],
    [{ preconditions: [{ account: A, balanceAtLeast: 5 }] }, 'preconditions[0].balanceAtLeast'],
    [{ preconditions: [{ account: A, balanceAtMost: AMOUNT_MAX + 1n }] }, 'preconditions[0].balanceAtMost'],
    [
      { preconditions: [{ account: A, balanceAtLeast: -AMOUNT_MAX - 2n }] },
      'preconditions[0].balanceAtLeast',
    ],
  ])('%o is refused: %s', ([params, field]) => {
    expect(fieldAtFault(() => optionsOf(params))).toBe(field);
    expect(fieldAtFault(() => checkDeposit({ to: A, amount, ...params }, 'commands[3].deposit'))).toBe(
      `commands[3].deposit.${field}`,
    );
  });
});

function fieldAtFault(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as BankError).metadata['field'];
  }
}
