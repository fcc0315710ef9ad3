import type { Books } from './books.js';
import type { AccountOpened, Entry, Posting } from './entry.js';
import type { BranchState } from './state.js';

/**
 * Takes one entry into the books. A branch's state is the fold of its journal (R8): this is the only place where an
 * entry changes state, whether it was just decided or is read back.
 */
export function fold(books: Books, entry: Entry): void {
  const { change } = entry;
  if (change.kind === 'accountOpened') openAccount(books, entry, change);
  if (change.kind === 'posting') post(books, entry, change);
  books.append(entry, branchAfter(books, entry));
}

function branchAfter(books: Books, { branch: id, position, timeMicros, change }: Entry): BranchState {
  const before = books.branch(id);
  const nextSerial = before?.nextSerial ?? 1;
  const takesSerial = change.kind === 'accountOpened' && change.accountKind === 'customer';
  return { id, position, timeMicros, nextSerial: takesSerial ? change.serial + 1 : nextSerial };
}

function openAccount(books: Books, entry: Entry, opened: AccountOpened): void {
  books.open({
    branch: entry.branch,
    serial: opened.serial,
    kind: opened.accountKind,
    customer: opened.customer,
    peerBranch: opened.peerBranch,
    currency: opened.currency,
    postedDebits: 0n,
    postedCredits: 0n,
    position: entry.position,
    openedMicros: entry.timeMicros,
  });
}

function post(books: Books, entry: Entry, { debit, credit, amount }: Posting): void {
  const { branch, position } = entry;
  const debited = books.account({ branch, serial: debit });
  const credited = books.account({ branch, serial: credit });
  if (debited === undefined || credited === undefined) {
    throw misfit(entry, 'names an account that is not in the books');
  }
  if (debit === credit) throw misfit(entry, 'debits and credits the same account');
  books.change({ ...debited, postedDebits: debited.postedDebits + amount, position });
  books.change({ ...credited, postedCredits: credited.postedCredits + amount, position });
}

function misfit({ branch, position }: Entry, problem: string): Error {
  return new Error(`the posting at position ${position} of branch ${branch} ${problem}`);
}
