import type { Captured, Entry, HoldResolved, Posting } from '../ledger/entry.js';
import type { ReplayedBranch } from './replayed-branch.fixture.js';

/** R4 and R10: what an entry may not find when it resolves a hold, or changes or closes an account or branch. */
export function* brokenTurn(books: ReplayedBranch, { change }: Entry, timeMicros: number): Generator<string> {
  const { kind } = change;
  if (books.closed && kind !== 'refusal' && kind !== 'holdExpired') yield `R10: ${kind} in a closed branch`;
  switch (kind) {
    case 'posting':
      if (change.capture !== undefined) yield* brokenCapture(books, change, change.capture, timeMicros);
      break;
    case 'holdReleased':
    case 'holdExpired':
      yield* brokenRelease(books, change, timeMicros);
      break;
    case 'accountStatusChanged':
      yield* brokenStatus(books, change, timeMicros);
      break;
    case 'branchClosed':
      yield* brokenClosing(books, timeMicros);
      break;
    case 'branchOpened':
    case 'accountOpened':
    case 'overdraftLimitChanged':
    case 'accountMetadataChanged':
    case 'holdPlaced':
    case 'groupOpened':
    case 'refusal':
  }
}

function* brokenCapture(
  books: ReplayedBranch,
  { debit, credit, amount }: Posting,
  { hold, held }: Captured,
  timeMicros: number,
): Generator<string> {
  const found = books.holds.get(hold);
  if (found === undefined) {
    yield `R8: the hold ${hold} was never placed`;
    return;
  }
  const { placed, status } = found;
  const late = (placed.expiresMicros ?? Infinity) <= timeMicros;
  if (status !== 'held' || late) yield `R10: the hold captured was ${status}${late ? ', and due' : ''}`;
  if (placed.amount !== held || amount > held) yield `R4: ${amount} captured of ${held}`;
  if (placed.debit !== debit || placed.credit !== credit) yield 'R4: captured between others';
}

function* brokenRelease(
  books: ReplayedBranch,
  { kind, hold, amount }: HoldResolved,
  timeMicros: number,
): Generator<string> {
  const found = books.holds.get(hold);
  if (found === undefined) {
    yield `R8: the hold ${hold} was never placed`;
    return;
  }
  const due = (found.placed.expiresMicros ?? Infinity) <= timeMicros;
  if (due !== (kind === 'holdExpired')) yield `R10: ${kind}, due or not: ${due}`;
  if (found.placed.amount !== amount) yield `R3: ${amount} freed of ${found.placed.amount}`;
}

function* brokenStatus(
  books: ReplayedBranch,
  { serial, status }: { readonly serial: number; readonly status: string },
  timeMicros: number,
): Generator<string> {
  if (books.accounts.get(serial)?.status === 'closed') yield 'R10: a closed account changes';
  const held = books.held('debit', serial, timeMicros);
  if (status === 'closed' && (books.surplus(serial) !== 0n || held !== 0n)) yield 'R10: closed with money';
}

function* brokenClosing(books: ReplayedBranch, timeMicros: number): Generator<string> {
  for (const [serial, { kind, status }] of books.accounts) {
    if (kind === 'customer' && status !== 'closed') yield `R10: closed with account ${serial} open`;
    if (kind !== 'vault' && kind !== 'interbranch') continue;
    const held = books.held('debit', serial, timeMicros) + books.held('credit', serial, timeMicros);
    if (books.surplus(serial) !== 0n || held !== 0n) yield `R10: closed with money in ${serial}`;
  }
}
