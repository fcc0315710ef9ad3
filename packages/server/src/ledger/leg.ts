import { formatAccountId, type AccountRef } from '@giro/sdk/protocol';
import { fitsCounters, withCounters } from './account-change.js';
import type { BranchChange } from './decision.js';
import type { AccountOpened, Captured, HoldPlaced, Posting, Refusal } from './entry.js';
import { balanceOf, type AccountState } from './state.js';

/** One side of a leg: an account as it is, or one that the same write opens. */
export interface LegSide {
  readonly account: AccountState;
  /** Set if the account is new. */
  readonly opening?: AccountOpened;
}

/** A transfer's or hold's part in one branch: openings, if any, and one entry. */
export interface Leg {
  readonly debit: LegSide;
  readonly credit: LegSide;
  readonly amount: bigint;
  /** Between branches, the account at the other end. */
  readonly counterparty: AccountRef | undefined;
}

/** What a posting may be besides a mere transfer. */
export interface PostingOrigin {
  readonly capture?: Captured;
  readonly reversalOf?: string;
}

/** The changes that a leg makes by posting its amount, openings first. */
export function postLeg(leg: Leg, { capture, reversalOf }: PostingOrigin = {}): readonly BranchChange[] {
  const { debit, credit } = sidesAfter(leg, postingCounters(leg, capture));
  const posting: Posting = {
    kind: 'posting',
    ...common(leg),
    debitBalance: balanceOf(debit),
    creditBalance: balanceOf(credit),
    capture,
    reversalOf,
  };
  return withOpenings(leg, posting);
}

/** The changes that a leg makes by reserving its amount, openings first. */
export function holdLeg(leg: Leg, expiresMicros: number | undefined): readonly BranchChange[] {
  return withOpenings(leg, { kind: 'holdPlaced', ...common(leg), expiresMicros });
}

/** Refuses a leg whose posting would take an account beyond 64 bits (R2). */
export function postingOverflow(leg: Leg, capture?: Captured): Refusal | undefined {
  return overflow(sidesAfter(leg, postingCounters(leg, capture)));
}

/** Refuses a leg whose hold, once captured, would take an account beyond 64 bits (R2). */
export function holdOverflow(leg: Leg): Refusal | undefined {
  return overflow(sidesAfter(leg, holdCounters(leg)));
}

/** What a posting does to the counters of its two accounts. */
export function postingCounters({ amount }: { readonly amount: bigint }, capture: Captured | undefined) {
  const resolved = -(capture?.held ?? 0n);
  return {
    debit: { postedDebits: amount, heldDebits: resolved },
    credit: { postedCredits: amount, heldCredits: resolved },
  };
}

/** What a hold does to the counters of its two accounts; with a negative amount, what its end does. */
export function holdCounters({ amount }: { readonly amount: bigint }) {
  return { debit: { heldDebits: amount }, credit: { heldCredits: amount } };
}

type LegCounters = ReturnType<typeof postingCounters> | ReturnType<typeof holdCounters>;

function sidesAfter({ debit, credit }: Leg, counters: LegCounters) {
  return {
    debit: withCounters(debit.account, counters.debit),
    credit: withCounters(credit.account, counters.credit),
  };
}

function overflow({ debit, credit }: { readonly debit: AccountState; readonly credit: AccountState }) {
  const beyond = [debit, credit].find((account) => !fitsCounters(account));
  if (beyond === undefined) return undefined;
  return { reason: 'BALANCE_OVERFLOW', metadata: { account: formatAccountId(beyond) } } as const;
}

function common({ debit, credit, amount, counterparty }: Leg) {
  return {
    debit: debit.account.serial,
    credit: credit.account.serial,
    amount,
    currency: debit.account.currency,
    counterparty,
  };
}

function withOpenings({ debit, credit }: Leg, change: Posting | HoldPlaced): readonly BranchChange[] {
  const { branch } = debit.account;
  const openings = [debit.opening, credit.opening].filter((opening) => opening !== undefined);
  return [...openings, change].map((each) => ({ branch, change: each }));
}
