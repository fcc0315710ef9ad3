import { newWriteId, type AccountRef } from '@giro/sdk/protocol';
import type { Deposit, InitializeBranch, OpenAccount, SeedDeposit, Transfer, Withdraw } from './command.js';

/** What a test may choose of a command besides its subject: an id of its own and USD otherwise. */
interface Options {
  readonly id?: string;
  readonly currency?: string;
}

const chosen = ({ id = newWriteId(), currency = 'USD' }: Options = {}) => ({ id, currency });

export function initializeBranch(branch: number, amount: bigint, options?: Options): InitializeBranch {
  return { kind: 'initializeBranch', branch, amount, ...chosen(options) };
}

export function openAccount(branch: number, customer: string, options?: Options): OpenAccount {
  return { kind: 'openAccount', branch, customer, ...chosen(options) };
}

export function deposit(to: AccountRef, amount: bigint, options?: Options): Deposit {
  return { kind: 'deposit', to, amount, ...chosen(options) };
}

export function withdraw(from: AccountRef, amount: bigint, options?: Options): Withdraw {
  return { kind: 'withdraw', from, amount, ...chosen(options) };
}

export function transfer(from: AccountRef, to: AccountRef, amount: bigint, options?: Options): Transfer {
  return { kind: 'transfer', from, to, amount, ...chosen(options) };
}

export function seedDeposit(customer: number, amount: bigint, options?: Options): SeedDeposit {
  return { kind: 'seedDeposit', customer, amount, ...chosen(options) };
}
