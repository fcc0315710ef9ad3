import type {
  ChangeAccountState,
  Command,
  SetAccountMetadata,
  SetOverdraftLimit,
} from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import {
  changeAccountState,
  closeBranch,
  initializeBranch,
  openAccount,
  seedDeposit,
  setAccountMetadata,
  setOverdraftLimit,
} from './model-accounts.fixture.js';
import type { ModelBooks, ModelWrite } from './model-books.fixture.js';
import { captureHold, releaseHold } from './model-holds.fixture.js';
import { move } from './model-moves.fixture.js';

/** What is decided by the books alone, once the id, the branches and the preconditions are found to be in order. */
export type ModelDecided = Exclude<
  Command,
  { kind: 'group' | 'reverseGroup' | 'reverseTransfer' | 'abandon' | 'expireHolds' }
>;

/** Gives a refusal, or does what the command asks for. */
export function decide(books: ModelBooks, write: ModelWrite, command: ModelDecided): Refusal | undefined {
  if ('account' in command) return decideAccount(books, write, command);
  if (command.kind === 'initializeBranch') return initializeBranch(books, write, command);
  if (command.kind === 'closeBranch') return closeBranch(books, write, command);
  if (command.kind === 'openAccount') return openAccount(books, write, command);
  if (command.kind === 'seedDeposit') return seedDeposit(books, write, command);
  if (command.kind === 'captureHold') return captureHold(books, write, command);
  if (command.kind === 'releaseHold') return releaseHold(books, write, command);
  return move(books, write, command);
}

function decideAccount(
  books: ModelBooks,
  write: ModelWrite,
  command: ChangeAccountState | SetOverdraftLimit | SetAccountMetadata,
): Refusal | undefined {
  if (command.kind === 'setOverdraftLimit') return setOverdraftLimit(books, write, command);
  if (command.kind === 'setAccountMetadata') return setAccountMetadata(books, write, command);
  return changeAccountState(books, write, command);
}
