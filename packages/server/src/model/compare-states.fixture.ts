import type { AccountState, BranchState, HoldState } from '../ledger/state.js';
import { mustEqual } from './must-equal.fixture.js';
import type { KeptBank } from './kept-bank.fixture.js';
import type { ModelBooks } from './model-books.fixture.js';

/** Compares what is kept of branches, accounts and holds with what the model says at the time of each branch. */
export function compareStates(kept: KeptBank, books: ModelBooks): void {
  const ids = kept.branches.map(({ id }) => id);
  mustEqual(ids.sort(), [...books.journals.keys()].sort(), () => 'the branches');
  for (const branch of kept.branches) compareBranch(branch, kept, books);
}

/** Compares one branch. Nothing of it changes but by an entry. */
export function compareBranch(branch: BranchState, kept: KeptBank, books: ModelBooks): void {
  const { id } = branch;
  mustEqual(keptBranch(branch), modelBranch(books, id), () => `branch ${id}`);
  const [accounts, expected] = [keptAccounts(branch, kept), modelAccounts(books, branch)];
  mustEqual(bySerial(accounts), bySerial(expected), () => `the accounts of branch ${id}`);
  mustEqual(byId(keptHolds(id, kept)), byId(modelHolds(books, id)), () => `the holds of branch ${id}`);
}

function keptBranch({ position, closed, openAccounts, nextSerial }: BranchState) {
  return { position, closed, openAccounts, nextSerial };
}

function modelBranch(books: ModelBooks, branch: number) {
  const customers = books.accounts(branch).filter(({ kind }) => kind === 'customer');
  return {
    position: books.journal(branch).length,
    closed: books.isClosed(branch),
    openAccounts: customers.filter(({ status }) => status !== 'closed').length,
    nextSerial: books.nextSerial(branch),
  };
}

/** Holds that are due but not yet written down as expired are still in the counters: readers subtract them. */
function keptAccounts({ id, timeMicros }: BranchState, { accounts, holds }: KeptBank) {
  const due = holds.filter(
    ({ branch, status, expiresMicros = Infinity }) =>
      branch === id && status === 'held' && expiresMicros <= timeMicros,
  );
  return accounts.filter(({ branch }) => branch === id).map((account) => keptAccount(account, due));
}

function keptAccount(account: AccountState, due: readonly HoldState[]) {
  const dueOf = (side: 'debit' | 'credit') =>
    due.filter((hold) => hold[side] === account.serial).reduce((sum, { amount }) => sum + amount, 0n);
  const { serial, kind, customer, peerBranch, currency, status, overdraftLimit: limit } = account;
  const { metadata, position, postedDebits, postedCredits } = account;
  const heldDebits = account.heldDebits - dueOf('debit');
  const heldCredits = account.heldCredits - dueOf('credit');
  return {
    ...{ serial, kind, customer, peerBranch, currency, status, limit, metadata, position },
    ...{ postedDebits, postedCredits, heldDebits, heldCredits },
  };
}

function modelAccounts(books: ModelBooks, { id, timeMicros }: BranchState) {
  return books.accounts(id).map((account) => {
    const { branch: _branch, ...own } = account;
    return {
      ...own,
      position: books.position(account),
      postedDebits: books.posted('debit', account),
      postedCredits: books.posted('credit', account),
      heldDebits: books.held('debit', account, timeMicros),
      heldCredits: books.held('credit', account, timeMicros),
    };
  });
}

function keptHolds(branch: number, { holds }: KeptBank) {
  return holds
    .filter((hold) => hold.branch === branch)
    .map(({ id, status, captured, resolvedBy: by }) => ({ id, status, captured, by }));
}

function modelHolds(books: ModelBooks, branch: number) {
  return books.holds(branch).map(({ id, status, captured, by }) => ({ id, status, captured, by }));
}

function bySerial<Item extends { readonly serial: number }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => a.serial - b.serial);
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
