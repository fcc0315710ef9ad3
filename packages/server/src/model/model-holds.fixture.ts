import { isInternal } from '@giro/sdk/protocol';
import type { CaptureHold, ReleaseHold } from '../ledger/command.js';
import type { Refusal } from '../ledger/entry.js';
import { statusAt, type ModelBooks, type ModelHold, type ModelWrite } from './model-books.fixture.js';
import { checkNotClosed, post, refuse } from './model-movement.fixture.js';

/** The branches that a capture or release touches: the named one alone if it knows no such hold. */
export function holdBranches(
  books: ModelBooks,
  { branch, hold: id }: CaptureHold | ReleaseHold,
): readonly number[] {
  const hold = books.hold(branch, id);
  return hold === undefined ? [branch] : partsOf(books, hold).map((part) => part.branch);
}

export function captureHold(books: ModelBooks, write: ModelWrite, command: CaptureHold): Refusal | undefined {
  const { hold: id, branch } = command;
  const hold = books.hold(branch, id);
  if (hold === undefined) return refuse('HOLD_NOT_FOUND', { branch: String(branch), hold: id });
  const resolved = checkHeld(hold, write);
  if (resolved !== undefined) return resolved;
  const { amount: held, currency } = hold;
  const amount = command.amount ?? held;
  if (amount > held) {
    const amounts = { held: String(held), needed: String(amount), currency };
    return refuse('CAPTURE_EXCEEDS_HOLD', { hold: id, ...amounts });
  }
  const legs = partsOf(books, hold);
  for (const { branch: at, credit } of legs) {
    const closed = checkNotClosed(books, { branch: at, serial: credit });
    if (closed !== undefined) return closed;
  }
  // Neither funds nor bounds can be in the way: the hold has reserved both.
  post(books, write, { legs, amount, currency }, { capture: { hold: id, held } });
  return undefined;
}

export function releaseHold(
  books: ModelBooks,
  write: ModelWrite,
  { hold: id, branch }: ReleaseHold,
): Refusal | undefined {
  const hold = books.hold(branch, id);
  if (hold === undefined) return refuse('HOLD_NOT_FOUND', { branch: String(branch), hold: id });
  const resolved = checkHeld(hold, write);
  if (resolved !== undefined) return resolved;
  for (const part of partsOf(books, hold)) {
    const { debit, credit, amount, currency } = part;
    const released = { hold: id, debit, credit, amount, currency };
    books.append(write, part.branch, { kind: 'holdReleased', ...released });
  }
  return undefined;
}

function checkHeld(hold: ModelHold, { timeMicros }: ModelWrite): Refusal | undefined {
  const { id, by = '' } = hold;
  switch (statusAt(hold, timeMicros)) {
    case 'held':
      return undefined;
    case 'captured':
      return refuse('HOLD_CAPTURED', { hold: id, by });
    case 'released':
      return refuse('HOLD_RELEASED', { hold: id, by });
    case 'expired':
      return refuse('HOLD_EXPIRED', { hold: id });
  }
}

/** The hold in each of its branches, the payer's first. */
function partsOf(books: ModelBooks, hold: ModelHold): readonly ModelHold[] {
  if (hold.counterparty === undefined) return [hold];
  const other = books.hold(hold.counterparty.branch, hold.id);
  if (other === undefined) throw new Error(`the hold ${hold.id} is in one branch only`);
  return isInternal({ serial: hold.debit }) ? [other, hold] : [hold, other];
}
