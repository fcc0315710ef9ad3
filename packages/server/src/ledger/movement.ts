import {
  customerSide,
  currencyMismatch,
  isRefusal,
  operatorSide,
  toCredit,
  toDebit,
} from './account-access.js';
import { customerOpening, internalSide, newSide } from './account-opening.js';
import type { Books } from './books.js';
import type {
  AddCash,
  Deposit,
  OperatorTransfer,
  RemoveCash,
  SeedDeposit,
  Transfer,
  Withdraw,
} from './command.js';
import { apply, refuse, refuseWith, type BranchChange, type Decision } from './decision.js';
import type { Refusal } from './entry.js';
import { postingOverflow, postLeg, type LegSide, type PostingOrigin } from './leg.js';
import { isFull } from './open-account.js';
import { fundsRefusal, route } from './route.js';
import { seedBranches, seedCustomer } from './seed-customer.js';

/** Cash in: vault to customer. */
export function deposit(books: Books, { to, amount, currency }: Deposit): Decision {
  const vault = internalSide(books, { branch: to.branch, kind: 'vault', currency });
  return move(books, vault, customerSide(books, to, currency), amount);
}

/** Cash out: customer to vault. A branch cannot pay out cash it does not have. */
export function withdraw(books: Books, { from, amount, currency }: Withdraw): Decision {
  const vault = internalSide(books, { branch: from.branch, kind: 'vault', currency });
  return move(books, customerSide(books, from, currency), vault, amount);
}

/** From customer to customer. */
export function transfer(books: Books, { from, to, amount, currency }: Transfer): Decision {
  return move(books, customerSide(books, from, currency), customerSide(books, to, currency), amount);
}

/** A transfer by the bank's operators, who may also use the bank's exchange, income and expense. */
export function operatorTransfer(books: Books, { from, to, amount, currency }: OperatorTransfer): Decision {
  return move(books, operatorSide(books, from, currency), operatorSide(books, to, currency), amount);
}

/** The bank's own cash into a vault or out of it. */
export function moveCash(books: Books, { kind, branch, amount, currency }: AddCash | RemoveCash): Decision {
  const vault = internalSide(books, { branch, kind: 'vault', currency });
  const capital = internalSide(books, { branch, kind: 'capital', currency });
  return kind === 'addCash' ? move(books, vault, capital, amount) : move(books, capital, vault, amount);
}

/**
 * A deposit by the seed's customer number. The first one opens the account, in the same write and under the branch's
 * lock, so that there is only one however many come at once.
 */
export function seedDeposit(books: Books, { customer: n, amount, currency }: SeedDeposit): Decision {
  const customer = seedCustomer(n);
  const candidates = seedBranches(n)
    .map((id) => books.branch(id))
    .filter((state) => state !== undefined);
  const [preferred] = candidates;
  if (preferred === undefined) return refuse('BRANCH_NOT_FOUND', { branch: String(seedBranches(n).at(-1)) });
  const known = candidates
    .map(({ id }) => books.seedAccount(id, customer))
    .find((state) => state !== undefined);
  const branch = candidates.find(({ id }) => id === known?.branch) ?? preferred;
  if (branch.closed) return refuse('BRANCH_CLOSED', { branch: String(branch.id) });
  if (known === undefined && isFull(branch)) return refuse('BRANCH_FULL', { branch: String(branch.id) });
  const side: LegSide = known
    ? { account: known }
    : newSide(branch.id, customerOpening(branch.nextSerial, customer, currency));
  const vault = internalSide(books, { branch: branch.id, kind: 'vault', currency });
  const { account } = side;
  return move(
    books,
    vault,
    account.currency === currency ? side : currencyMismatch(account, currency),
    amount,
  );
}

/** The one way in which money moves: from an account to be debited to one to be credited. */
export function move(
  books: Books,
  from: LegSide | Refusal,
  to: LegSide | Refusal,
  amount: bigint,
  origin?: PostingOrigin,
): Decision {
  const debited = toDebit(from);
  if (isRefusal(debited)) return refuseWith(debited);
  const credited = toCredit(to);
  if (isRefusal(credited)) return refuseWith(credited);
  const short = fundsRefusal(debited, credited, amount);
  if (short !== undefined) return refuseWith(short);
  const legs = route(books, debited, credited, amount);
  const changes: BranchChange[] = [];
  for (const leg of legs) {
    const overflow = postingOverflow(leg);
    if (overflow !== undefined) return refuseWith(overflow);
    changes.push(...postLeg(leg, origin));
  }
  return apply(...changes);
}
