import { holdCounters, postingCounters } from './leg.js';
import { withCounters, type CounterChange } from './account-change.js';
import type { Books } from './books.js';
import type { AccountOpened, Entry, HoldPlaced, HoldResolved, Posting } from './entry.js';
import type { AccountState, BranchState, HoldState } from './state.js';

/**
 * Takes one entry into the books. A branch's state is the fold of its journal (R8): this is the only place where an
 * entry changes state, whether it was just decided or is read back.
 */
export function fold(books: Books, entry: Entry): void {
  const { change } = entry;
  switch (change.kind) {
    case 'accountOpened':
      openAccount(books, entry, change);
      break;
    case 'accountStatusChanged':
      changeAccount(books, entry, change.serial, { status: change.status });
      break;
    case 'overdraftLimitChanged':
      changeAccount(books, entry, change.serial, { overdraftLimit: change.limit });
      break;
    case 'accountMetadataChanged':
      changeAccount(books, entry, change.serial, { metadata: metadataOf(entry) });
      break;
    case 'posting':
      post(books, entry, change);
      break;
    case 'holdPlaced':
      placeHold(books, entry, change);
      break;
    case 'holdReleased':
    case 'holdExpired':
      resolveHold(books, entry, change);
      break;
    case 'branchOpened':
    case 'branchClosed':
    case 'groupOpened':
    case 'refusal':
      break;
  }
  books.append(entry, branchAfter(books, entry));
}

/** The hash of the seal before the first (R9). */
export const NO_SEAL = Buffer.alloc(32);

function branchAfter(books: Books, { branch: id, position, timeMicros, change }: Entry): BranchState {
  const before = books.branch(id) ?? newBranch(id);
  const { nextSerial, openAccounts, closed, headHash } = before;
  const after = { id, position, timeMicros, nextSerial, openAccounts, closed, headHash };
  if (change.kind === 'branchClosed') return { ...after, closed: true };
  if (change.kind === 'accountOpened' && change.accountKind === 'customer') {
    return { ...after, nextSerial: change.serial + 1, openAccounts: before.openAccounts + 1 };
  }
  const closes = change.kind === 'accountStatusChanged' && change.status === 'closed';
  return closes ? { ...after, openAccounts: before.openAccounts - 1 } : after;
}

function newBranch(id: number): BranchState {
  return { id, position: 0, timeMicros: 0, nextSerial: 1, openAccounts: 0, closed: false, headHash: NO_SEAL };
}

function openAccount(books: Books, entry: Entry, opened: AccountOpened): void {
  const { serial, accountKind: kind, customer, peerBranch, currency } = opened;
  books.open({
    ...{ branch: entry.branch, serial, kind, customer, peerBranch, currency },
    ...{ status: 'open', overdraftLimit: 0n },
    ...{ postedDebits: 0n, postedCredits: 0n, heldDebits: 0n, heldCredits: 0n },
    metadata: kind === 'customer' ? metadataOf(entry) : {},
    position: entry.position,
    openedMicros: entry.timeMicros,
  });
}

function post(books: Books, entry: Entry, posting: Posting): void {
  const { debit, credit, capture, amount } = posting;
  changeBoth(books, entry, { debit, credit }, postingCounters(posting, capture));
  if (capture === undefined) return;
  const hold = holdOf(books, entry, capture.hold);
  books.resolve({ ...hold, status: 'captured', captured: amount, resolvedBy: entry.writeId });
}

function placeHold(books: Books, entry: Entry, placed: HoldPlaced): void {
  const { debit, credit, amount, currency, expiresMicros, counterparty } = placed;
  changeBoth(books, entry, { debit, credit }, holdCounters({ amount }));
  books.place({
    ...{
      branch: entry.branch,
      id: entry.writeId,
      debit,
      credit,
      amount,
      currency,
      expiresMicros,
      counterparty,
    },
    ...{ status: 'held', captured: undefined, resolvedBy: undefined },
    position: entry.position,
    placedMicros: entry.timeMicros,
  });
}

function resolveHold(books: Books, entry: Entry, { kind, hold, debit, credit, amount }: HoldResolved): void {
  changeBoth(books, entry, { debit, credit }, holdCounters({ amount: -amount }));
  const state = holdOf(books, entry, hold);
  if (kind === 'holdExpired') books.resolve({ ...state, status: 'expired' });
  else books.resolve({ ...state, status: 'released', resolvedBy: entry.writeId });
}

function changeAccount(books: Books, entry: Entry, serial: number, change: Partial<AccountState>): void {
  books.change({ ...accountOf(books, entry, serial), position: entry.position, ...change });
}

function changeBoth(
  books: Books,
  entry: Entry,
  { debit, credit }: { readonly debit: number; readonly credit: number },
  counters: { readonly debit: CounterChange; readonly credit: CounterChange },
): void {
  if (debit === credit) throw misfit(entry, 'debits and credits the same account');
  const debited = accountOf(books, entry, debit);
  const credited = accountOf(books, entry, credit);
  books.change(withCounters(debited, counters.debit, entry.position));
  books.change(withCounters(credited, counters.credit, entry.position));
}

function accountOf(books: Books, entry: Entry, serial: number): AccountState {
  const account = books.account({ branch: entry.branch, serial });
  if (account === undefined) throw misfit(entry, 'names an account that is not in the books');
  return account;
}

function holdOf(books: Books, entry: Entry, id: string): HoldState {
  const hold = books.hold(entry.branch, id);
  if (hold?.status !== 'held') throw misfit(entry, 'resolves a hold that is not open');
  return hold;
}

function metadataOf({ notes }: Entry): AccountState['metadata'] {
  return notes?.notes?.metadata ?? {};
}

function misfit({ branch, position, change }: Entry, problem: string): Error {
  return new Error(`the ${change.kind} at position ${position} of branch ${branch} ${problem}`);
}
