import { internalSerial, type AccountRef } from '@giro/sdk/protocol';
import type { Command } from './command.js';
import { seedBranches, seedCustomer } from './seed-customer.js';

/** What a command must see of the books to be decided: everything it may read or change. */
export interface Needs {
  /** The branches it touches; its id is looked up and kept in each. */
  readonly branches: readonly number[];
  /** Those of the branches that the command may bring into being. */
  readonly opens: readonly number[];
  readonly accounts: readonly AccountRef[];
  /** Customers whose accounts are found by name rather than by id. */
  readonly customers: readonly { readonly branch: number; readonly customer: string }[];
}

/** Tells what a command needs, from the command alone. */
export function needsOf(command: Command): Needs {
  switch (command.kind) {
    case 'initializeBranch':
      return { branches: [command.branch], opens: [command.branch], accounts: [], customers: [] };
    case 'openAccount':
      return { branches: [command.branch], opens: [], accounts: [], customers: [] };
    case 'deposit':
      return moveNeeds(command.to, vault(command.to.branch, command.currency));
    case 'withdraw':
      return moveNeeds(command.from, vault(command.from.branch, command.currency));
    case 'transfer':
      return transferNeeds(command.from, command.to, command.currency);
    case 'seedDeposit': {
      const branches = seedBranches(command.customer);
      const customer = seedCustomer(command.customer);
      return {
        branches,
        opens: [],
        accounts: branches.map((branch) => vault(branch, command.currency)),
        customers: branches.map((branch) => ({ branch, customer })),
      };
    }
  }
}

function moveNeeds(...accounts: readonly [AccountRef, AccountRef]): Needs {
  return { branches: [accounts[0].branch], opens: [], accounts, customers: [] };
}

function transferNeeds(from: AccountRef, to: AccountRef, currency: string): Needs {
  if (from.branch === to.branch) return moveNeeds(from, to);
  const accounts = [
    from,
    to,
    interbranch(from.branch, to.branch, currency),
    interbranch(to.branch, from.branch, currency),
  ];
  return { branches: [from.branch, to.branch], opens: [], accounts, customers: [] };
}

function vault(branch: number, currency: string): AccountRef {
  return { branch, serial: internalSerial({ kind: 'vault', currency }) };
}

function interbranch(branch: number, peerBranch: number, currency: string): AccountRef {
  return { branch, serial: internalSerial({ kind: 'interbranch', currency, peerBranch }) };
}
