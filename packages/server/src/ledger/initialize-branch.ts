import { internalOpening, newSide } from './account-opening.js';
import type { Books } from './books.js';
import type { InitializeBranch } from './command.js';
import { apply, refuse, type BranchChange, type Decision } from './decision.js';
import { postLeg } from './leg.js';

/** Opens a branch's books: cash in the vault against capital. With nothing to put in, both accounts open empty. */
export function initializeBranch(books: Books, { branch, amount, currency }: InitializeBranch): Decision {
  if (books.branch(branch) !== undefined) return refuse('BRANCH_EXISTS', { branch: String(branch) });
  const vault = internalOpening({ kind: 'vault', currency });
  const capital = internalOpening({ kind: 'capital', currency });
  const opened: BranchChange = { branch, change: { kind: 'branchOpened' } };
  if (amount === 0n) return apply(opened, { branch, change: vault }, { branch, change: capital });
  return apply(
    opened,
    ...postLeg({
      debit: newSide(branch, vault),
      credit: newSide(branch, capital),
      amount,
      counterparty: undefined,
    }),
  );
}
