import { AMOUNT_MAX } from '@giro/sdk/protocol';
import type { Entry, HoldPlaced, Posting } from '../ledger/entry.js';
import { branchesOf, type KeptBank, type KeptBranch } from './kept-bank.fixture.js';
import { ReplayedBranch } from './replayed-branch.fixture.js';
import { brokenTurn } from './turn-rules.fixture.js';

/** R1 to R4 and R10, checked at every position of every journal: each breach, by its number. */
export function brokenMoneyRules(kept: KeptBank): readonly string[] {
  return branchesOf(kept).flatMap(brokenBooks);
}

function brokenBooks({ entries }: KeptBranch): string[] {
  const broken: string[] = [];
  const books = new ReplayedBranch();
  const decided = new Map<string, number>();
  for (const entry of entries) {
    // Holds expire by the time of the write, which is that of its first entry.
    if (entry.ordinal >= 0 && !decided.has(entry.writeId)) decided.set(entry.writeId, entry.timeMicros);
    const timeMicros =
      entry.ordinal < 0 ? entry.timeMicros : (decided.get(entry.writeId) ?? entry.timeMicros);
    const problems = [...brokenMove(books, entry, timeMicros), ...brokenTurn(books, entry, timeMicros)];
    books.take(entry);
    problems.push(...brokenBounds(books, entry, timeMicros), ...brokenBalances(books, entry));
    broken.push(...problems.map((problem) => `${problem} at ${entry.branch}:${entry.position}`));
  }
  return broken;
}

/** R1, R4, R10: between whom money moves or is held. */
function* brokenMove(books: ReplayedBranch, { change }: Entry, timeMicros: number): Generator<string> {
  if (change.kind !== 'posting' && change.kind !== 'holdPlaced') return;
  const ends = [books.accounts.get(change.debit), books.accounts.get(change.credit)];
  if (change.amount < 1n || change.amount > AMOUNT_MAX) yield `R2: ${change.amount} moved`;
  if (change.debit === change.credit || ends.some((end) => end?.currency !== change.currency)) {
    yield 'R1: not between two accounts of one currency';
  }
  if (ends.some((end) => end?.status === 'closed')) yield 'R10: a closed account moves';
  const captures = change.kind === 'posting' && change.capture !== undefined;
  if (!captures) yield* brokenDebit(books, change, timeMicros);
}

function* brokenDebit(
  books: ReplayedBranch,
  { debit, amount }: Posting | HoldPlaced,
  timeMicros: number,
): Generator<string> {
  const debited = books.accounts.get(debit);
  if (debited?.kind !== 'customer') return;
  if (debited.status === 'frozen') yield 'R10: a frozen account is debited';
  const available = books.surplus(debit) - books.held('debit', debit, timeMicros) + debited.limit;
  if (available < amount) yield `R4: ${amount} taken of ${available}`;
}

/** R2, R3: 64 bits, held amounts counted; and no vault below zero. */
function* brokenBounds(books: ReplayedBranch, { change }: Entry, timeMicros: number): Generator<string> {
  if (!('debit' in change)) return;
  for (const serial of [change.debit, change.credit]) {
    const surplus = books.surplus(serial);
    const highest = surplus + books.held('credit', serial, timeMicros);
    const lowest = surplus - books.held('debit', serial, timeMicros);
    if (highest > AMOUNT_MAX || lowest < -AMOUNT_MAX) yield `R2: ${serial} is past 64 bits`;
    if (books.accounts.get(serial)?.kind === 'vault' && surplus > 0n) yield `R3: the vault has ${-surplus}`;
  }
}

/** R1, R3: the balances that a posting tells, and the books' balance after it. */
function* brokenBalances(books: ReplayedBranch, { change }: Entry): Generator<string> {
  if (change.kind !== 'posting') return;
  const { debit, credit, debitBalance, creditBalance } = change;
  const balances = [balance(books, debit), balance(books, credit)];
  const told = [debitBalance, creditBalance];
  if (balances.join() !== told.join()) yield `R3: says ${told.join()} for ${balances.join()}`;
  const totals = new Map<string, bigint>();
  for (const { currency, debits, credits } of books.accounts.values()) {
    totals.set(currency, (totals.get(currency) ?? 0n) + credits - debits);
  }
  for (const [currency, surplus] of totals) {
    if (surplus !== 0n) yield `R1: credits exceed debits by ${surplus} ${currency}`;
  }
}

function balance(books: ReplayedBranch, serial: number): bigint {
  const kind = books.accounts.get(serial)?.kind;
  return kind === 'vault' || kind === 'expense' ? -books.surplus(serial) : books.surplus(serial);
}
