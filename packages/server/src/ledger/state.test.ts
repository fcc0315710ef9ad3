import { describe, expect, it } from 'vitest';
import { newSide, internalOpening } from './account-opening.js';
import { availableIn, balanceOf, isDebitNormal, type AccountKind, type AccountState } from './state.js';

function account(kind: AccountKind, change: Partial<AccountState> = {}): AccountState {
  const { account } = newSide(1, internalOpening({ kind: 'vault', currency: 'USD' }));
  return { ...account, kind, ...change };
}

const moved = { postedDebits: 30n, postedCredits: 100n };

describe('a credit-normal account', () => {
  it.each(['customer', 'capital', 'interbranch', 'exchange', 'income'] as const)(
    'such as %s has its credits less its debits (R3)',
    (kind) => {
      expect(isDebitNormal(kind)).toBe(false);
      expect(balanceOf(account(kind, moved))).toBe(70n);
    },
  );

  it('has available what is not held to be debited; what is held to be credited never helps (R3)', () => {
    expect(availableIn(account('customer', { ...moved, heldDebits: 20n, heldCredits: 1_000n }))).toBe(50n);
  });

  it('has available what may be overdrawn as well, also when the limit is below what is used (R4)', () => {
    expect(availableIn(account('customer', { ...moved, overdraftLimit: 5n }))).toBe(75n);
    const lent = { postedDebits: 90n, postedCredits: 10n, overdraftLimit: 50n };
    expect(availableIn(account('customer', lent))).toBe(-30n);
  });
});

describe('a debit-normal account', () => {
  it.each(['vault', 'expense'] as const)('such as %s has its debits less its credits (R3)', (kind) => {
    expect(isDebitNormal(kind)).toBe(true);
    expect(balanceOf(account(kind, { postedDebits: 100n, postedCredits: 30n }))).toBe(70n);
  });

  it('is the mirror: what is held to be credited counts, what is held to be debited never helps (R3)', () => {
    const vault = { postedDebits: 100n, postedCredits: 30n, heldCredits: 20n, heldDebits: 1_000n };
    expect(availableIn(account('vault', vault))).toBe(50n);
  });
});
