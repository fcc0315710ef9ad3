import type { AccountRef } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import { seedBranches } from './model-accounts.fixture.js';
import type { ModelBooks } from './model-books.fixture.js';
import { holdBranches } from './model-holds.fixture.js';
import { reversalBranches } from './model-reversal.fixture.js';

/** The branches whose books a command is about, in its own order. */
export function touchedBy(books: ModelBooks, command: Command): readonly number[] {
  if (command.kind === 'group') {
    return [...new Set(command.members.flatMap((member) => touchedBy(books, member)))];
  }
  if ('hold' in command) return holdBranches(books, command);
  if ('original' in command) return reversalBranches(books, command);
  if (command.kind === 'seedDeposit') return seedBranches(books, command.customer);
  return [...new Set(namedAccounts(command).map(({ branch }) => branch))];
}

function namedAccounts(command: Command): readonly Pick<AccountRef, 'branch'>[] {
  if ('branch' in command) return [command];
  if ('account' in command) return [command.account];
  return ['from' in command ? [command.from] : [], 'to' in command ? [command.to] : []].flat();
}
