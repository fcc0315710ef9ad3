import { formatAccountId, internalSerial, type AccountRef, type InternalKind } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freezeAccount, openAccount, operatorTransfer, transfer } from './commands.fixture.js';
import { answer, interbranchOf, type MemoryBank, vaultOf } from './memory-bank.fixture.js';
import { ann, bob, eve, smallBank } from './small-bank.fixture.js';
import { misfitsOf } from './verified-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = smallBank();
});

afterEach(() => {
  expect(misfitsOf(bank)).toEqual([]);
});

function internal(kind: InternalKind, branch = 1, currency = 'USD'): AccountRef {
  return { branch, serial: internalSerial({ kind, currency }) };
}

describe("a transfer by the bank's operators", () => {
  it.each(['exchange', 'income', 'expense'] as const)(
    'may take from a customer and give to the %s, which it opens, and back (R7)',
    (kind) => {
      const outcome = bank.do(operatorTransfer(ann, internal(kind), 30n));
      const entries = outcome.kind === 'applied' ? outcome.entries : [];
      expect(entries.map(({ change }) => change.kind)).toEqual(['accountOpened', 'posting']);
      expect(bank.balance(internal(kind))).toBe(kind === 'expense' ? -30n : 30n);
      expect(answer(bank.do(operatorTransfer(internal(kind), bob, 30n)))).toBe('applied');
      expect([bank.balance(internal(kind)), bank.balance(bob)]).toEqual([0n, 30n]);
    },
  );

  it("takes the bank's own accounts as far as is asked, since only customers and vaults are limited (R4)", () => {
    expect(answer(bank.do(operatorTransfer(internal('income'), ann, 5_000n)))).toBe('applied');
    expect(answer(bank.do(operatorTransfer(internal('expense'), ann, 5_000n)))).toBe('applied');
    expect([bank.balance(internal('income')), bank.balance(internal('expense'))]).toEqual([-5_000n, 5_000n]);
  });

  it('between branches goes through the interbranch accounts (R7)', () => {
    expect(answer(bank.do(operatorTransfer(internal('income'), eve, 40n)))).toBe('applied');
    expect([bank.balance(interbranchOf(1, 2)), bank.balance(eve)]).toEqual([40n, 40n]);
    expect(answer(bank.do(operatorTransfer(internal('income'), internal('expense', 2), 2n)))).toBe('applied');
    expect(bank.balance(internal('expense', 2))).toBe(-2n);
  });

  it('is subject to what any customer is subject to (R4, R10)', () => {
    expect(answer(bank.do(operatorTransfer(ann, internal('income'), 101n)))).toMatchObject({
      ...{ reason: 'INSUFFICIENT_FUNDS', available: '100' },
    });
    bank.do(freezeAccount(ann));
    expect(answer(bank.do(operatorTransfer(ann, internal('income'), 1n)))).toMatchObject({
      ...{ reason: 'ACCOUNT_FROZEN' },
    });
  });

  it.each([
    ['the vault', vaultOf(1)],
    ['capital', internal('capital')],
    ['an interbranch account', interbranchOf(1, 2)],
    ['a serial that no account can have', { branch: 1, serial: 9_999_999_999 }],
  ])('never names %s (R7)', (_what, account) => {
    bank.do(transfer(ann, eve, 1n));
    for (const command of [operatorTransfer(ann, account, 1n), operatorTransfer(account, ann, 1n)]) {
      expect(answer(bank.do(command))).toEqual({
        ...{ reason: 'ACCOUNT_NOT_FOUND', account: formatAccountId(account) },
      });
    }
  });

  it('is refused in another currency than its accounts have (R1)', () => {
    bank.do(openAccount(1, 'ann', { currency: 'EUR' }));
    const euros = { branch: 1, serial: 3 };
    expect(answer(bank.do(operatorTransfer(ann, internal('exchange', 1, 'EUR'), 1n)))).toEqual({
      ...{ reason: 'CURRENCY_MISMATCH', account: formatAccountId(internal('exchange', 1, 'EUR')) },
      ...{ currency: 'EUR', given: 'USD' },
    });
    expect(answer(bank.do(operatorTransfer(internal('exchange'), euros, 1n)))).toMatchObject({
      ...{ reason: 'CURRENCY_MISMATCH', account: '1-3-39' },
    });
    expect(bank.account(internal('exchange', 1, 'EUR'))).toBeUndefined();
  });
});
