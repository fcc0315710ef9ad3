import { beforeEach, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, seedDeposit } from './commands.fixture.js';
import { answer, MemoryBank, vaultOf } from './memory-bank.fixture.js';

let bank: MemoryBank;

beforeEach(() => {
  bank = new MemoryBank();
});

/** Where the seed's customer has accounts, and with how much. */
function accountsOf(customer: number): [branch: number, balance: bigint][] {
  return bank.accounts
    .filter((account) => account.customer === `seed:${customer}`)
    .map((account) => [account.branch, bank.balance(account)]);
}

describe("a deposit through the seed's interface", () => {
  it('opens the account the first time and finds it after, in one batch and in others', () => {
    bank.do(initializeBranch(3, 1_000n));
    bank.doAll([seedDeposit(3, 100n), seedDeposit(3, 1n), seedDeposit(13, 5n)]);
    bank.do(seedDeposit(3, 10n));
    expect(accountsOf(3)).toEqual([[3, 111n]]);
    expect(accountsOf(13)).toEqual([[3, 5n]]);
    expect(bank.balance(vaultOf(3))).toBe(1_116n);
  });

  it('opens the account and posts in one write (R5)', () => {
    bank.do(initializeBranch(3, 0n));
    const command = seedDeposit(3, 100n);
    const first = bank.do(command);
    expect(
      first.kind === 'applied' && first.entries.map(({ ordinal, change }) => [ordinal, change.kind]),
    ).toEqual([
      [0, 'accountOpened'],
      [1, 'posting'],
    ]);
    expect(bank.do(command)).toEqual({ ...first, replayed: true });
    expect(accountsOf(3)).toEqual([[3, 100n]]);
  });

  it.each([
    [0, [0, 10], 0],
    [0, [10], 10],
    [20, [0, 10], 0],
    [20, [10], 10],
    [10, [10], 10],
    [9, [9, 10], 9],
    [2_147_483_647, [7], 7],
  ])('of customer %i with branches %j goes to branch %i', (customer, branches, home) => {
    bank.doAll(branches.map((branch) => initializeBranch(branch, 0n)));
    expect(answer(bank.do(seedDeposit(customer, 1n)))).toBe('applied');
    expect(accountsOf(customer)).toEqual([[home, 1n]]);
  });

  it('stays with branch 10 though branch 0 comes later, for those bound there and nobody else', () => {
    bank.do(initializeBranch(10, 0n));
    bank.do(seedDeposit(0, 1n));
    bank.do(initializeBranch(0, 0n));
    bank.doAll([seedDeposit(0, 1n), seedDeposit(20, 1n)]);
    expect(accountsOf(0)).toEqual([[10, 2n]]);
    expect(accountsOf(20)).toEqual([[0, 1n]]);
  });

  it.each([
    [0, '10'],
    [5, '5'],
  ])('of customer %i without a branch is refused without a trace (R5)', (customer, branch) => {
    const command = seedDeposit(customer, 1n);
    expect(answer(bank.do(command))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch });
    bank.do(initializeBranch(Number(branch), 0n));
    expect(answer(bank.do(command))).toBe('applied');
  });

  it('is refused in another currency than the account is in', () => {
    bank.doAll([initializeBranch(3, 0n), seedDeposit(3, 1n)]);
    expect(answer(bank.do(seedDeposit(3, 1n, { currency: 'EUR' })))).toEqual({
      reason: 'CURRENCY_MISMATCH',
      account: '3-1-42',
      currency: 'USD',
      given: 'EUR',
    });
  });

  it('does not take the account of a customer who only looks like it', () => {
    bank.doAll([initializeBranch(3, 0n), openAccount(3, '3'), openAccount(3, 'seed:33')]);
    bank.doAll([deposit({ branch: 3, serial: 1 }, 5n), seedDeposit(3, 1n)]);
    expect(accountsOf(3)).toEqual([[3, 1n]]);
    expect(bank.balance({ branch: 3, serial: 1 })).toBe(5n);
  });
});
