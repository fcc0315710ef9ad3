import { formatAccountId, type AccountRef } from '@giro/sdk/protocol';
import { countersAfter, fitsCounters, type Counters } from './account-change.js';
import type { BranchChange } from './decision.js';
import type { AccountOpened, Captured, HoldPlaced, Posting, Refusal } from './entry.js';
import { normalBalance, type AccountState } from './state.js';

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
  const after = countersOf(leg, postingCounters(leg, capture));
  const posting: Posting = {
    kind: 'posting',
    debit: leg.debit.account.serial,
    credit: leg.credit.account.serial,
    amount: leg.amount,
    currency: leg.debit.account.currency,
    debitBalance: normalBalance(leg.debit.account.kind, after.debit),
    creditBalance: normalBalance(leg.credit.account.kind, after.credit),
    counterparty: leg.counterparty,
    capture,
    reversalOf,
  };
  return withOpenings(leg, posting);
}

/** The changes that a leg makes by reserving its amount, openings first. */
export function holdLeg(leg: Leg, expiresMicros: number | undefined): readonly BranchChange[] {
  const { debit, credit, amount, counterparty } = leg;
  const { serial, currency } = debit.account;
  const moved = { debit: serial, credit: credit.account.serial, amount, currency };
  return withOpenings(leg, { kind: 'holdPlaced', ...moved, expiresMicros, counterparty });
}

/** Refuses a leg whose posting would take an account beyond 64 bits (R2). */
export function postingOverflow(leg: Leg, capture?: Captured): Refusal | undefined {
  return overflow(leg, postingCounters(leg, capture));
}

/** Refuses a leg whose hold, once captured, would take an account beyond 64 bits (R2). */
export function holdOverflow(leg: Leg): Refusal | undefined {
  return overflow(leg, holdCounters(leg));
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

/** The counters of both accounts afterwards. */
function countersOf({ debit, credit }: Leg, change: LegCounters): Record<'debit' | 'credit', Counters> {
  return {
    debit: countersAfter(debit.account, change.debit),
    credit: countersAfter(credit.account, change.credit),
  };
}

function overflow({ debit, credit }: Leg, change: LegCounters): Refusal | undefined {
  const beyond = [
    { account: debit.account, change: change.debit },
    { account: credit.account, change: change.credit },
  ].find((side) => !fitsCounters(countersAfter(side.account, side.change)));
  if (beyond === undefined) return undefined;
  return { reason: 'BALANCE_OVERFLOW', metadata: { account: formatAccountId(beyond.account) } };
}

function withOpenings({ debit, credit }: Leg, change: Posting | HoldPlaced): readonly BranchChange[] {
  const { branch } = debit.account;
  if (debit.opening === undefined && credit.opening === undefined) return [{ branch, change }];
  const openings = [debit.opening, credit.opening].filter((opening) => opening !== undefined);
  return [...openings, change].map((each) => ({ branch, change: each }));
}
