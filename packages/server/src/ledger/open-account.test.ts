import { INTERNAL_SERIAL_MIN } from '@giro/sdk/protocol';
import { describe, expect, it } from 'vitest';
import { initializeBranch, openAccount, seedDeposit } from './commands.fixture.js';
import { answer, MemoryBank } from './memory-bank.fixture.js';
import { openedAccountOf } from './opened-account.js';

describe('opening an account', () => {
  it('hands out serials from 1 without a gap, several in one batch included (R8)', () => {
    const bank = new MemoryBank();
    bank.do(initializeBranch(1, 0n));
    const outcomes = [
      bank.do(openAccount(1, 'ann')),
      ...bank.doAll([openAccount(1, 'bob'), openAccount(1, 'ann', { currency: 'EUR' })]),
    ];
    const opened = outcomes.map((outcome) =>
      openedAccountOf(outcome.kind === 'applied' ? outcome.entries : []),
    );
    expect(opened.map(({ serial, customer, currency }) => [serial, customer, currency])).toEqual([
      [1, 'ann', 'USD'],
      [2, 'bob', 'USD'],
      [3, 'ann', 'EUR'],
    ]);
    expect(bank.account({ branch: 1, serial: 3 })).toMatchObject({ kind: 'customer', postedCredits: 0n });
  });

  it('is refused where there is no branch, without a trace (R5)', () => {
    const bank = new MemoryBank();
    expect(answer(bank.do(openAccount(1, 'ann')))).toEqual({ reason: 'BRANCH_NOT_FOUND', branch: '1' });
    expect(bank.entries).toEqual([]);
  });

  it('is refused once the serials have reached the internal accounts (R8)', () => {
    const bank = new MemoryBank();
    bank.do(initializeBranch(1, 0n));
    const branch = bank.books.branches.get(1)!;
    branch.state = { ...branch.state, nextSerial: INTERNAL_SERIAL_MIN - 1 };
    expect(answer(bank.do(openAccount(1, 'the last')))).toBe('applied');
    expect(answer(bank.do(openAccount(1, 'late')))).toEqual({ reason: 'BRANCH_FULL', branch: '1' });
    expect(answer(bank.do(seedDeposit(1, 5n)))).toEqual({ reason: 'BRANCH_FULL', branch: '1' });
  });

  it('is answered on a replay with the account as it was opened, whatever has happened since (R5)', () => {
    const bank = new MemoryBank();
    bank.do(initializeBranch(1, 0n));
    const command = openAccount(1, 'ann');
    const first = bank.do(command, 5_000);
    bank.do(openAccount(1, 'bob'));
    const again = bank.do(command, 9_000);
    if (first.kind === 'refused' || again.kind === 'refused') throw new Error('refused');
    expect(again.replayed).toBe(true);
    expect(openedAccountOf(again.entries)).toEqual(openedAccountOf(first.entries));
    expect(openedAccountOf(again.entries)).toMatchObject({ serial: 1, position: 4, openedMicros: 5_000 });
  });

  it('names a write that opened none', () => {
    expect(() => openedAccountOf([])).toThrow('the write opened no account');
  });
});
