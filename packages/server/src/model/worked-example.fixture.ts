import type { AccountRef } from '@giro/sdk/protocol';
import { expect } from 'vitest';
import type { Command } from '../ledger/command.js';
import { deposit, initializeBranch, openAccount, transfer } from '../ledger/commands.fixture.js';
import { ModelBank } from './model-bank.fixture.js';

export const ann = { branch: 1, serial: 1 };
export const bob = { branch: 1, serial: 2 };
export const eve = { branch: 2, serial: 1 };

/** A small bank for examples worked out by hand, from the design alone: 100.00 dollars are Ann's, nothing is the others'. */
export class WorkedExample {
  readonly bank = new ModelBank();
  timeMicros = 1_000_000;

  constructor() {
    this.apply(initializeBranch(1, 500n), initializeBranch(2, 0n));
    this.apply(openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), deposit(ann, 100n));
  }

  /** Does the commands, one a millisecond, each of which must apply. */
  apply(...commands: readonly Command[]): void {
    for (const command of commands) expect(this.answer(command)).toBe('applied');
  }

  /** Does a command, and gives the reason and metadata of the refusal, or the word `applied`. */
  answer(command: Command): unknown {
    this.timeMicros += 1_000;
    const given = this.bank.do(command, this.timeMicros);
    return given.kind === 'applied' ? 'applied' : { reason: given.refusal.reason, ...given.refusal.metadata };
  }

  /** Lets the accounts between the branches be there: a write that opens them comes a microsecond after their opening. */
  openInterbranch(): void {
    this.apply(transfer(ann, eve, 1n), transfer(eve, ann, 1n));
  }

  balances(...refs: readonly AccountRef[]): bigint[] {
    const { books } = this.bank;
    return refs.map((ref) => books.balance(ref, books.account(ref)?.kind));
  }

  /** What is in a customer's account, what of it is held, and what is available. */
  amounts(ref: AccountRef): [balance: bigint, held: bigint, available: bigint] {
    const { books } = this.bank;
    const account = books.account(ref);
    if (account === undefined) throw new Error('there is no such account');
    const held = books.held('debit', ref, this.timeMicros);
    return [books.balance(ref, account.kind), held, books.available(account, this.timeMicros)];
  }

  /** What the write has left in the branch's journal. */
  kinds(branch: number, id: string): string[] {
    const own = this.bank.books.journal(branch).filter(({ writeId }) => writeId === id);
    return own.map(({ change }) => change.kind);
  }
}
