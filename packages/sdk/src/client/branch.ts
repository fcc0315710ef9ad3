import type {
  Branch as WireBranch,
  GetTrialBalanceResponse as WireTrialBalance,
} from '../gen/giro/v1/branch_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, timeFrom, totalFrom } from './answer.js';

/** A unit of the bank with books of its own. */
export interface Branch {
  /** 0..9999 */
  readonly id: number;
  /** Position of the last entry in its journal. */
  readonly position: bigint;
  /** Time of that entry. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** Cash in the vault, one amount per currency, in order of the currency code. */
  readonly cash: readonly Money[];
}

/** The proof that a branch's debits equal its credits, per currency, as of one position of its journal. */
export interface TrialBalance {
  readonly branch: number;
  readonly position: bigint;
  readonly lines: readonly TrialBalanceLine[];
}

/** Lifetime totals of one currency over all accounts of a branch, in minor units. They may be wider than 64 bits. */
export interface TrialBalanceLine {
  readonly currency: string;
  readonly postedDebits: bigint;
  readonly postedCredits: bigint;
}

export function branchFrom(wire: WireBranch | undefined): Branch {
  const { id, position, time, cash } = present(wire, 'branch');
  return {
    id: present(id, 'branch.id'),
    position,
    ...timeFrom(time),
    cash: cash.map((money) => moneyFrom(money, 'cash')),
  };
}

export function trialBalanceFrom(wire: WireTrialBalance): TrialBalance {
  return {
    ...positionFrom(wire.position),
    lines: wire.lines.map(({ currency, postedDebits, postedCredits }) => ({
      currency,
      postedDebits: totalFrom(postedDebits, 'posted_debits'),
      postedCredits: totalFrom(postedCredits, 'posted_credits'),
    })),
  };
}
