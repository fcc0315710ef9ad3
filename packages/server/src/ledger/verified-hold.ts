import type { Entry, HoldPlaced, HoldResolved, Posting } from './entry.js';
import { fits, JournalMisfit } from './journal-misfit.js';
import type { HoldState, HoldStatus } from './state.js';

/** A hold that is open, as a verification makes it from the journal. */
export interface VerifiedHold extends HoldPlaced {
  readonly id: string;
  /** Where and when it was placed. */
  readonly position: number;
  readonly placedMicros: number;
  /** How it is kept; undefined until that is known. */
  kept: HoldState | undefined;
}

/** How a hold ends. */
export interface HoldEnd {
  readonly status: HoldStatus;
  readonly captured: bigint | undefined;
  readonly resolvedBy: string | undefined;
}

export const STILL_HELD: HoldEnd = { status: 'held', captured: undefined, resolvedBy: undefined };

export function placedHold(entry: Entry, placed: HoldPlaced): VerifiedHold {
  const { writeId: id, position, timeMicros: placedMicros } = entry;
  const { expiresMicros = Infinity } = placed;
  fits(entry, expiresMicros > placedMicros, 'places a hold that had expired before');
  return { ...placed, id, position, placedMicros, kept: undefined };
}

/** How the entry that captures the hold ends it. */
export function captureOf(entry: Entry, hold: VerifiedHold, posting: Posting): HoldEnd {
  const { capture, amount, counterparty } = posting;
  fits(entry, capture?.held === hold.amount, () => `captures hold ${hold.id} as one of another amount`);
  fits(entry, amount <= hold.amount, () => `captures more than hold ${hold.id} reserved`);
  fits(entry, samePlace(posting, hold), () => `captures hold ${hold.id} between other accounts`);
  fits(
    entry,
    sameRef(counterparty, hold.counterparty),
    () => `captures hold ${hold.id} for another account in another branch`,
  );
  checkInTime(entry, hold);
  return { status: 'captured', captured: amount, resolvedBy: entry.writeId };
}

/** How the entry that releases the hold, or lets it expire, ends it. */
export function resolutionOf(entry: Entry, hold: VerifiedHold, resolved: HoldResolved): HoldEnd {
  fits(entry, resolved.amount === hold.amount, () => `resolves hold ${hold.id} as one of another amount`);
  fits(entry, samePlace(resolved, hold), () => `resolves hold ${hold.id} between other accounts`);
  if (resolved.kind === 'holdReleased') {
    checkInTime(entry, hold);
    return { status: 'released', captured: undefined, resolvedBy: entry.writeId };
  }
  fits(entry, entry.writeId === hold.id, () => `lets hold ${hold.id} expire under another id`);
  const { expiresMicros = Infinity } = hold;
  fits(entry, entry.timeMicros >= expiresMicros, () => `lets hold ${hold.id} expire before its time`);
  return { status: 'expired', captured: undefined, resolvedBy: undefined };
}

/** What is kept of the hold otherwise than the journal has placed it. */
export function keptMisfit(kept: HoldState, hold: VerifiedHold): JournalMisfit | undefined {
  const { id, position } = hold;
  const field = PLACED.find((each) => kept[each] !== hold[each]);
  if (field !== undefined) return otherwise(position, id, field, kept[field], hold[field]);
  if (sameRef(kept.counterparty, hold.counterparty)) return undefined;
  return new JournalMisfit(position, `hold ${id} is kept with another counterparty than the journal says`);
}

/** What is kept of the hold's end otherwise than the journal has it, which comes to it at `position`. */
export function keptEndMisfit(position: number, hold: VerifiedHold, end: HoldEnd): JournalMisfit | undefined {
  const { id, kept } = hold;
  if (kept === undefined) return new JournalMisfit(position, `hold ${id} is not kept`);
  const field = ENDED.find((each) => kept[each] !== end[each]);
  return field === undefined ? undefined : otherwise(position, id, field, kept[field], end[field]);
}

function otherwise(
  position: number,
  id: string,
  field: string,
  kept: string | number | bigint | undefined,
  said: string | number | bigint | undefined,
): JournalMisfit {
  const difference = `${field} as ${String(kept)}, where the journal says ${String(said)}`;
  return new JournalMisfit(position, `hold ${id} is kept with ${difference}`);
}

function sameRef(one: HoldState['counterparty'], other: HoldState['counterparty']): boolean {
  return one?.branch === other?.branch && one?.serial === other?.serial;
}

const PLACED = [
  'debit',
  'credit',
  'amount',
  'currency',
  'expiresMicros',
  'position',
  'placedMicros',
] as const satisfies (keyof HoldState)[];

const ENDED = ['status', 'captured', 'resolvedBy'] as const satisfies (keyof HoldEnd)[];

function samePlace(one: Posting | HoldResolved, hold: VerifiedHold): boolean {
  return one.debit === hold.debit && one.credit === hold.credit && one.currency === hold.currency;
}

/** A hold can be resolved until its expiry, and not at it. */
function checkInTime(entry: Entry, { id, expiresMicros = Infinity }: VerifiedHold): void {
  fits(entry, entry.timeMicros < expiresMicros, () => `resolves hold ${id} after it has expired`);
}
