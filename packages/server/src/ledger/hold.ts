import { formatAccountId } from '@giro/sdk/protocol';
import { customerSide, isRefusal, toCredit, toDebit } from './account-access.js';
import type { Books } from './books.js';
import type { CaptureHold, PlaceHold, ReleaseHold } from './command.js';
import { apply, refuse, refuseWith, type BranchChange, type Decision } from './decision.js';
import type { Refusal } from './entry.js';
import { holdLeg, holdOverflow, postingOverflow, postLeg, type Leg, type LegSide } from './leg.js';
import { fundsRefusal, route } from './route.js';
import type { HoldState } from './state.js';

const MICROS_PER_MS = 1_000;

/** Reserves an amount on both accounts of a transfer to come. */
export function placeHold(books: Books, command: PlaceHold, timeMicros: number): Decision {
  const { from, to, amount, currency, expiresInMs } = command;
  const debited = toDebit(customerSide(books, from, currency));
  if (isRefusal(debited)) return refuseWith(debited);
  const credited = toCredit(customerSide(books, to, currency));
  if (isRefusal(credited)) return refuseWith(credited);
  const short = fundsRefusal(debited, credited, amount);
  if (short !== undefined) return refuseWith(short);
  const legs = route(books, debited, credited, amount);
  const overflow = legs.map(holdOverflow).find((refusal) => refusal !== undefined);
  if (overflow !== undefined) return refuseWith(overflow);
  const expiresMicros =
    expiresInMs === undefined ? undefined : holdMicros(legs, timeMicros) + expiresInMs * MICROS_PER_MS;
  return apply(...legs.flatMap((leg) => holdLeg(leg, expiresMicros)));
}

/**
 * Posts the whole or a part of what a hold reserved; the rest is free again. No limit is looked at, since the hold has
 * reserved it (R4), and a frozen payer does not matter (R10).
 */
export function captureHold(books: Books, command: CaptureHold, branches: readonly number[]): Decision {
  const found = openHold(books, command);
  if (isRefusal(found)) return refuseWith(found);
  const { id, amount: held, currency } = found;
  const amount = command.amount ?? held;
  if (amount > held) {
    return refuse('CAPTURE_EXCEEDS_HOLD', { hold: id, held: String(held), needed: String(amount), currency });
  }
  const legs = holdsOf(books, id, branches).map((hold) => legOf(books, hold, amount));
  const closed = legs.map(({ credit }) => toCredit(credit)).find(isRefusal);
  if (closed !== undefined) return refuseWith(closed);
  const capture = { hold: id, held };
  const overflow = legs.map((leg) => postingOverflow(leg, capture)).find((refusal) => refusal !== undefined);
  if (overflow !== undefined) return refuseWith(overflow);
  return apply(...legs.flatMap((leg) => postLeg(leg, { capture })));
}

/** Frees what a hold reserved. */
export function releaseHold(books: Books, command: ReleaseHold, branches: readonly number[]): Decision {
  const found = openHold(books, command);
  if (isRefusal(found)) return refuseWith(found);
  return apply(...holdsOf(books, found.id, branches).map((hold) => resolution(hold, 'holdReleased')));
}

/** The end of a hold that nobody captured or released in time, in one branch. */
export function expiry(hold: HoldState): BranchChange {
  return resolution(hold, 'holdExpired');
}

/** The hold, if it can still be resolved: it is at most once. Those that are due by now have expired before this. */
function openHold(books: Books, { branch, hold: id }: CaptureHold | ReleaseHold): HoldState | Refusal {
  const hold = books.hold(branch, id);
  if (hold === undefined) return { reason: 'HOLD_NOT_FOUND', metadata: { branch: String(branch), hold: id } };
  const by = hold.resolvedBy ?? '';
  if (hold.status === 'captured') return { reason: 'HOLD_CAPTURED', metadata: { hold: id, by } };
  if (hold.status === 'released') return { reason: 'HOLD_RELEASED', metadata: { hold: id, by } };
  if (hold.status === 'expired') return { reason: 'HOLD_EXPIRED', metadata: { hold: id } };
  return hold;
}

/** The time that the hold's entries get: in each branch they come after the openings, the same in all (R8). */
function holdMicros(legs: readonly Leg[], timeMicros: number): number {
  const openings = legs.map(({ debit, credit }) => [debit, credit].filter(({ opening }) => opening).length);
  return timeMicros + Math.max(...openings);
}

/** The hold's parts in all of its branches: it is resolved whole, or not at all (R7). */
function holdsOf(books: Books, id: string, branches: readonly number[]): HoldState[] {
  return branches.map((branch) => {
    const hold = books.hold(branch, id);
    if (hold === undefined) throw new Error(`the part of hold ${id} in branch ${branch} is missing`);
    return hold;
  });
}

function legOf(books: Books, { branch, debit, credit, counterparty }: HoldState, amount: bigint): Leg {
  const side = (serial: number): LegSide => {
    const account = books.account({ branch, serial });
    if (account === undefined)
      throw new Error(`account ${formatAccountId({ branch, serial })} of a hold is missing`);
    return { account };
  };
  return { debit: side(debit), credit: side(credit), amount, counterparty };
}

function resolution(hold: HoldState, kind: 'holdReleased' | 'holdExpired'): BranchChange {
  const { branch, id, debit, credit, amount, currency } = hold;
  return { branch, change: { kind, hold: id, debit, credit, amount, currency } };
}
