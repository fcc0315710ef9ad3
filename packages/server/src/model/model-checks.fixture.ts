import { formatAccountId, isInternal, type ReasonMetadata } from '@giro/sdk/protocol';
import type { Command, Precondition } from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import type { ModelBooks } from './model-books.fixture.js';
import { refuse } from './model-movement.fixture.js';
import { touchedBy } from './model-touched.fixture.js';

/** Whether every branch is there, and then whether each is still open. Of a group, the member says which. */
export function checkBranches(
  books: ModelBooks,
  command: Command,
  branches: readonly number[],
): Refusal | undefined {
  const about = (branch: number) => {
    const members = command.kind === 'group' ? command.members : [];
    const member = members.findIndex((each) => touchedBy(books, each).includes(branch));
    return { branch: String(branch), ...(member >= 0 ? { member: String(member) } : {}) };
  };
  if (command.kind === 'initializeBranch') {
    return books.exists(command.branch) ? refuse('BRANCH_EXISTS', about(command.branch)) : undefined;
  }
  if (command.kind === 'seedDeposit') return checkThere(books, branches.slice(0, 1), about);
  return checkThere(books, branches, about);
}

function checkThere(
  books: ModelBooks,
  branches: readonly number[],
  about: (branch: number) => ReasonMetadata,
): Refusal | undefined {
  const missing = branches.find((branch) => !books.exists(branch));
  if (missing !== undefined) return refuse('BRANCH_NOT_FOUND', about(missing));
  const closed = branches.find((branch) => books.isClosed(branch));
  return closed === undefined ? undefined : refuse('BRANCH_CLOSED', about(closed));
}

export function checkPreconditions(
  books: ModelBooks,
  preconditions: readonly Precondition[] = [],
): Refusal | undefined {
  for (const precondition of preconditions) {
    const refused = checkPrecondition(books, precondition);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function checkPrecondition(
  books: ModelBooks,
  { account: ref, balanceAtLeast, balanceAtMost, position }: Precondition,
): Refusal | undefined {
  const account = formatAccountId(ref);
  const found = books.account(ref);
  if (found === undefined && !isInternal(ref)) return refuse('ACCOUNT_NOT_FOUND', { account });
  const balance = books.balance(ref, found?.kind);
  const at = books.position(ref);
  const failed = (condition: string, expected: unknown, actual: unknown) =>
    refuse('PRECONDITION_FAILED', {
      ...{ account, condition, expected: String(expected), actual: String(actual) },
    });
  if (balanceAtLeast !== undefined && balance < balanceAtLeast) {
    return failed('balance_at_least', balanceAtLeast, balance);
  }
  if (balanceAtMost !== undefined && balance > balanceAtMost) {
    return failed('balance_at_most', balanceAtMost, balance);
  }
  return position !== undefined && at !== position ? failed('position', position, at) : undefined;
}
