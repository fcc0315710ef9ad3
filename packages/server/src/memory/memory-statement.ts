import { accountNotFound } from '../store/read-accounts.js';
import { positionNotFound } from '../store/read-balances.js';
import type { StatementBound, StatementFilter, StatementPage } from '../store/read-statement.js';
import { balanceAfter } from './memory-accounts.js';
import type { MemoryBranch } from './memory-branch.js';

/** @throws RequestError with ACCOUNT_NOT_FOUND, or POSITION_NOT_FOUND if the journal does not reach `to` */
export function statementOf(branch: MemoryBranch, filter: StatementFilter): StatementPage {
  const { serial, from, to, newestFirst, after, limit } = filter;
  const { id, position: end } = branch.state;
  const account = branch.accounts.get(serial);
  if (account === undefined) throw accountNotFound(filter);
  const last = to === undefined ? end : endingAt(branch, to);
  if (last > end) throw positionNotFound(id, last, end);
  const opening = Math.min(from === undefined ? 0 : beforeBeginning(branch, from), last);
  const [above, below] = newestFirst
    ? [opening, Math.min(last, (after ?? Infinity) - 1)]
    : [Math.max(opening, after ?? 0), last];
  const lines = branch.postings(serial).filter(({ position }) => position > above && position <= below);
  return {
    currency: account.currency,
    first: opening + 1,
    last,
    openingBalance: balanceAfter(branch, serial, opening),
    closingBalance: balanceAfter(branch, serial, last),
    lines: newestFirst ? lines.slice(-limit).reverse() : lines.slice(0, limit),
  };
}

function beforeBeginning(branch: MemoryBranch, from: StatementBound): number {
  return 'position' in from ? from.position - 1 : branch.positionAt(from.timeMicros - 1n);
}

function endingAt(branch: MemoryBranch, to: StatementBound): number {
  return 'position' in to ? to.position : branch.positionAt(to.timeMicros - 1n);
}
