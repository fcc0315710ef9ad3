import { AMOUNT_MAX } from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import { initializeBranch } from './commands.fixture.js';
import { answer, MemoryBank, vaultOf } from './memory-bank.fixture.js';

describe('initializing a branch', () => {
  it('puts the cash into the vault against capital (R1, R3)', () => {
    const bank = new MemoryBank();
    expect(answer(bank.do(initializeBranch(0, 1_000n)))).toBe('applied');
    expect(bank.balance(vaultOf(0))).toBe(1_000n);
    expect(
      bank.accounts.map(({ kind, postedDebits, postedCredits }) => ({
        kind,
        postedDebits,
        postedCredits,
      })),
    ).toEqual([
      { kind: 'vault', postedDebits: 1_000n, postedCredits: 0n },
      { kind: 'capital', postedDebits: 0n, postedCredits: 1_000n },
    ]);
    expect(bank.journal(0).map(({ position, change }) => [position, change.kind])).toEqual([
      [1, 'branchOpened'],
      [2, 'accountOpened'],
      [3, 'accountOpened'],
      [4, 'posting'],
    ]);
  });

  it('without cash opens both accounts empty and posts nothing (R1)', () => {
    const bank = new MemoryBank();
    bank.do(initializeBranch(7, 0n));
    expect(bank.journal(7).map(({ change }) => change.kind)).toEqual([
      'branchOpened',
      'accountOpened',
      'accountOpened',
    ]);
    expect(bank.balance(vaultOf(7))).toBe(0n);
  });

  it('takes the largest amount there is (R2)', () => {
    const bank = new MemoryBank();
    expect(answer(bank.do(initializeBranch(1, AMOUNT_MAX)))).toBe('applied');
    expect(bank.balance(vaultOf(1))).toBe(2n ** 63n - 1n);
  });

  it('is refused a second time, and changes no money then (R5)', () => {
    const bank = new MemoryBank();
    bank.do(initializeBranch(1, 1_000n));
    const again = initializeBranch(1, 5n);
    expect(answer(bank.do(again))).toEqual({ reason: 'BRANCH_EXISTS', branch: '1' });
    expect(bank.balance(vaultOf(1))).toBe(1_000n);
    expect(bank.do(again)).toMatchObject({ refusal: { reason: 'BRANCH_EXISTS' }, replayed: true });
  });
});
