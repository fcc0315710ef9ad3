import { formatAccountId } from '@giro/sdk/protocol';
import type { Books } from './books.js';
import type { CloseBranch } from './command.js';
import { apply, refuse, type Decision } from './decision.js';
import { balanceOf, type AccountState, type BranchState } from './state.js';

/** Closes a branch for good: nothing in it may be owed to anybody outside the bank, or to another branch (R10). */
export function closeBranch(books: Books, branch: BranchState, { branch: id }: CloseBranch): Decision {
  const problem = accountProblem(branch) ?? books.internalAccounts(id).map(internalProblem).find(Boolean);
  if (problem !== undefined) return refuse('BRANCH_NOT_EMPTY', { branch: String(id), problem });
  return apply({ branch: id, change: { kind: 'branchClosed' } });
}

function accountProblem({ openAccounts }: BranchState): string | undefined {
  return openAccounts === 0
    ? undefined
    : `close the customers' accounts that are not closed: ${openAccounts}`;
}

function internalProblem(account: AccountState): string | undefined {
  const id = formatAccountId(account);
  if (account.kind === 'vault' && balanceOf(account) !== 0n) return `empty the vault ${id}`;
  if (account.kind !== 'interbranch') return undefined;
  if (balanceOf(account) !== 0n) return `settle the interbranch account ${id}`;
  const held = account.heldDebits + account.heldCredits;
  return held === 0n ? undefined : `resolve the holds on the interbranch account ${id}`;
}
