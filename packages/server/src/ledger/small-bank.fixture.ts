import { deposit, initializeBranch, openAccount } from './commands.fixture.js';
import { MemoryBank } from './memory-bank.fixture.js';

export const ann = { branch: 1, serial: 1 };
export const bob = { branch: 1, serial: 2 };
export const eve = { branch: 2, serial: 1 };

/** Two branches: ann, who has 100, and bob in the one, eve in the other. No cash but ann's. */
export function smallBank(): MemoryBank {
  const bank = new MemoryBank();
  bank.doAll([initializeBranch(1, 0n), initializeBranch(2, 0n)]);
  bank.doAll([openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), deposit(ann, 100n)]);
  return bank;
}
