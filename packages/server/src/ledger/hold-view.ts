import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from './entry.js';
import type { KeptNotes } from './notes.js';
import { endsOf } from './references.js';
import type { JournalHead } from './seal.js';
import type { HoldState } from './state.js';

/** What has become of a hold. */
export type HoldOutcome = Pick<HoldState, 'status' | 'captured' | 'resolvedBy'>;

/** A hold, put together again from the entry that placed it in one branch. */
export interface HoldView extends HoldOutcome {
  readonly id: string;
  /** The account whose money is reserved. */
  readonly from: AccountRef;
  /** The account that a capture credits. */
  readonly to: AccountRef;
  readonly amount: bigint;
  readonly currency: string;
  readonly placedMicros: number;
  /** Microseconds since 1970; undefined if it does not expire. */
  readonly expiresMicros: number | undefined;
  readonly branch: number;
  readonly position: number;
  readonly seal: JournalHead | undefined;
  readonly notes: KeptNotes | undefined;
}

/** @throws Error if the entry placed no hold */
export function holdViewOf(placing: Entry, outcome: HoldOutcome): HoldView {
  const { branch, position, timeMicros, writeId, seal, notes, change } = placing;
  if (change.kind !== 'holdPlaced') {
    throw new Error(`the entry at position ${position} of branch ${branch} placed no hold`);
  }
  const { amount, currency, expiresMicros } = change;
  const { status, captured, resolvedBy } = outcome;
  return {
    ...{ id: writeId, ...endsOf(branch, change), amount, currency, placedMicros: timeMicros, expiresMicros },
    ...{ branch, position, seal, notes, status, captured, resolvedBy },
  };
}

/** The hold as the write placed it, whatever has become of it since: the answer to a replay must not change. */
export function placedHoldOf(entries: readonly Entry[]): HoldView {
  const placing = entries.find(({ change }) => change.kind === 'holdPlaced');
  if (placing === undefined) throw new Error('the write placed no hold');
  return holdViewOf(placing, { status: 'held', captured: undefined, resolvedBy: undefined });
}
