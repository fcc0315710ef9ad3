import { formatAccountId, type AccountRef } from '@giro/sdk/protocol';
import { customerOpening, internalSide, newSide } from './account-opening.js';
import type { Books } from './books.js';
import type { Deposit, SeedDeposit, Transfer, Withdraw } from './command.js';
import { refuse, type Decision } from './decision.js';
import type { Refusal } from './entry.js';
import { legChanges, legOverflow, type Leg } from './leg.js';
import { isFull } from './open-account.js';
import { seedBranches, seedCustomer } from './seed-customer.js';
import { availableIn, type AccountState } from './state.js';

/** Cash in: vault to customer. */
export function deposit(books: Books, { to, amount, currency }: Deposit): Decision {
  const customer = customerAccount(books, to, currency);
  if ('reason' in customer) return { kind: 'refuse', refusal: customer };
  const vault = internalSide(books, { branch: to.branch, kind: 'vault', currency });
  return move({ debit: vault, credit: { account: customer }, amount });
}

/** Cash out: customer to vault. A branch cannot pay out cash it does not have. */
export function withdraw(books: Books, { from, amount, currency }: Withdraw): Decision {
  const customer = customerAccount(books, from, currency);
  if ('reason' in customer) return { kind: 'refuse', refusal: customer };
  if (availableIn(customer) < amount) return insufficientFunds(customer, amount);
  const vault = internalSide(books, { branch: from.branch, kind: 'vault', currency });
  const cash = availableIn(vault.account);
  if (cash < amount) {
    const branch = String(from.branch);
    return refuse('INSUFFICIENT_CASH', { branch, available: String(cash), needed: String(amount), currency });
  }
  return move({ debit: { account: customer }, credit: vault, amount });
}

/** From customer to customer: one posting within a branch, two between branches (R7). */
export function transfer(books: Books, { from, to, amount, currency }: Transfer): Decision {
  const payer = customerAccount(books, from, currency);
  if ('reason' in payer) return { kind: 'refuse', refusal: payer };
  const payee = customerAccount(books, to, currency);
  if ('reason' in payee) return { kind: 'refuse', refusal: payee };
  if (availableIn(payer) < amount) return insufficientFunds(payer, amount);
  if (from.branch === to.branch)
    return move({ debit: { account: payer }, credit: { account: payee }, amount });
  const owed = internalSide(books, {
    branch: from.branch,
    kind: 'interbranch',
    currency,
    peerBranch: to.branch,
  });
  const due = internalSide(books, {
    branch: to.branch,
    kind: 'interbranch',
    currency,
    peerBranch: from.branch,
  });
  return move(
    { debit: { account: payer }, credit: owed, amount, counterparty: to },
    { debit: due, credit: { account: payee }, amount, counterparty: from },
  );
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
  const [branch] = candidates;
  if (branch === undefined) return refuse('BRANCH_NOT_FOUND', { branch: String(seedBranches(n).at(-1)) });
  const known = candidates
    .map(({ id }) => books.seedAccount(id, customer))
    .find((state) => state !== undefined);
  if (known === undefined && isFull(branch)) return refuse('BRANCH_FULL', { branch: String(branch.id) });
  const side = known
    ? { account: known }
    : newSide(branch.id, customerOpening(branch.nextSerial, customer, currency));
  if (side.account.currency !== currency) return currencyMismatch(side.account, currency);
  const vault = internalSide(books, { branch: side.account.branch, kind: 'vault', currency });
  return move({ debit: vault, credit: side, amount });
}

function move(...legs: readonly Leg[]): Decision {
  const overflow = legs.map(legOverflow).find((refusal) => refusal !== undefined);
  if (overflow !== undefined) return { kind: 'refuse', refusal: overflow };
  return { kind: 'apply', changes: legs.flatMap(legChanges) };
}

/** A customer's account; customers' writes do not see the bank's own (R7). */
function customerAccount(books: Books, ref: AccountRef, currency: string): AccountState | Refusal {
  const account = books.account(ref);
  if (account?.kind !== 'customer') {
    return { reason: 'ACCOUNT_NOT_FOUND', metadata: { account: formatAccountId(ref) } };
  }
  if (account.currency !== currency) return mismatch(account, currency);
  return account;
}

function currencyMismatch(account: AccountState, given: string): Decision {
  return { kind: 'refuse', refusal: mismatch(account, given) };
}

function mismatch(account: AccountState, given: string): Refusal {
  const metadata = { account: formatAccountId(account), currency: account.currency, given };
  return { reason: 'CURRENCY_MISMATCH', metadata };
}

function insufficientFunds(account: AccountState, needed: bigint): Decision {
  return refuse('INSUFFICIENT_FUNDS', {
    account: formatAccountId(account),
    available: String(availableIn(account)),
    needed: String(needed),
    currency: account.currency,
  });
}
