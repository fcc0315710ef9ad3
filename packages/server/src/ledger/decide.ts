import { changeAccountStatus, setAccountMetadata, setOverdraftLimit } from './account-status.js';
import type { Books } from './books.js';
import { closeBranch } from './close-branch.js';
import type { Abandon, Command, ExpireHolds, Group, ReverseGroup } from './command.js';
import { refuse, refuseWith, type Decision } from './decision.js';
import type { Refusal } from './entry.js';
import { captureHold, placeHold, releaseHold } from './hold.js';
import { initializeBranch } from './initialize-branch.js';
import { deposit, moveCash, operatorTransfer, seedDeposit, transfer, withdraw } from './movement.js';
import { openAccount } from './open-account.js';
import { failedPrecondition } from './preconditions.js';
import { reverseTransfer } from './reversal.js';

/** A command that is decided by itself. */
export type SingleCommand = Exclude<Command, Group | ReverseGroup | Abandon | ExpireHolds>;

/** What the rules say to a command whose id is new. */
export function decide(
  books: Books,
  command: SingleCommand,
  branches: readonly number[],
  timeMicros: number,
): Decision {
  // These two find out by themselves which branch there is.
  if (command.kind !== 'initializeBranch' && command.kind !== 'seedDeposit') {
    const unusable = unusableBranch(books, branches);
    if (unusable !== undefined) return refuseWith(unusable);
  }
  const failed = failedPrecondition(books, command.preconditions, branches);
  return failed === undefined ? decideByKind(books, command, branches, timeMicros) : refuseWith(failed);
}

/** Refuses a write to a branch that there is not, or not any more. */
export function unusableBranch(books: Books, branches: readonly number[]): Refusal | undefined {
  const missing = branches.find((branch) => books.branch(branch) === undefined);
  if (missing !== undefined) return { reason: 'BRANCH_NOT_FOUND', metadata: { branch: String(missing) } };
  const closed = branches.find((branch) => books.branch(branch)?.closed === true);
  if (closed === undefined) return undefined;
  return { reason: 'BRANCH_CLOSED', metadata: { branch: String(closed) } };
}

function decideByKind(
  books: Books,
  command: SingleCommand,
  branches: readonly number[],
  timeMicros: number,
): Decision {
  switch (command.kind) {
    case 'initializeBranch':
      return initializeBranch(books, command);
    case 'addCash':
    case 'removeCash':
      return moveCash(books, command);
    case 'closeBranch':
      return inBranch(books, command.branch, (branch) => closeBranch(books, branch, command));
    case 'openAccount':
      return inBranch(books, command.branch, (branch) => openAccount(branch, command));
    case 'freezeAccount':
    case 'unfreezeAccount':
    case 'closeAccount':
      return changeAccountStatus(books, command);
    case 'setOverdraftLimit':
      return setOverdraftLimit(books, command);
    case 'setAccountMetadata':
      return setAccountMetadata(books, command);
    case 'deposit':
      return deposit(books, command);
    case 'withdraw':
      return withdraw(books, command);
    case 'transfer':
      return transfer(books, command);
    case 'operatorTransfer':
      return operatorTransfer(books, command);
    case 'placeHold':
      return placeHold(books, command, timeMicros);
    case 'captureHold':
      return captureHold(books, command, branches);
    case 'releaseHold':
      return releaseHold(books, command, branches);
    case 'reverseTransfer':
      return reverseTransfer(books, command);
    case 'seedDeposit':
      return seedDeposit(books, command);
  }
}

function inBranch(
  books: Books,
  id: number,
  decision: (branch: NonNullable<ReturnType<Books['branch']>>) => Decision,
): Decision {
  const branch = books.branch(id);
  return branch === undefined ? refuse('BRANCH_NOT_FOUND', { branch: String(id) }) : decision(branch);
}
