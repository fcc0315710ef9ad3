import {
  BranchState as WireBranchState,
  type Branch as WireBranch,
  type GetBankTrialBalanceResponse as WireBankTrialBalance,
  type GetTrialBalanceResponse as WireTrialBalance,
  type InterbranchPosition as WireInterbranchPosition,
  type TrialBalanceLine as WireTrialBalanceLine,
} from '../gen/giro/v1/branch_service.js';
import type { Money } from '../money/money.js';
import { headFrom, moneyFrom, positionFrom, present, timeFrom, totalFrom } from './answer.js';
import type { JournalHead } from './receipt.js';

/** A unit of the bank with books of its own. */
export interface Branch {
  /** 0..9999 */
  readonly id: number;
  /** `unknown` is a state that a newer server has and this client does not know. */
  readonly state: 'open' | 'closed' | 'unknown';
  /** Position of the last entry in its journal. */
  readonly position: bigint;
  /** Time of that entry. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** Cash in the vault, one amount per currency, in order of the currency code. */
  readonly cash: readonly Money[];
  /** The last seal of its journal, where it is told. */
  readonly head?: JournalHead;
}

/** The proof that a branch's debits equal its credits, per currency, as of one position of its journal. */
export interface TrialBalance {
  readonly branch: number;
  /** The last entry that is counted. */
  readonly position: bigint;
  /** The seal that covers the position, where it is told. */
  readonly seal?: JournalHead;
  readonly lines: readonly TrialBalanceLine[];
}

/** Totals of one currency over all accounts, in minor units. They may be wider than 64 bits. */
export interface TrialBalanceLine {
  readonly currency: string;
  /** Lifetime total. */
  readonly postedDebits: bigint;
  /** Lifetime total. */
  readonly postedCredits: bigint;
  /** What is held at the moment, by holds that have not expired. */
  readonly heldDebits: bigint;
  /** What is held at the moment, by holds that have not expired. */
  readonly heldCredits: bigint;
}

/** The same proof over all branches, as of one moment. */
export interface BankTrialBalance {
  readonly lines: readonly TrialBalanceLine[];
  /** How many branches there are, closed ones included. */
  readonly branches: number;
  /** Pairs of interbranch accounts that are not equal and opposite: always 0. */
  readonly interbranchMismatches: number;
  /** The database's time of the snapshot. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
}

/** What two branches owe each other in one currency, as each has it in its books. */
export interface InterbranchPosition {
  /** The lower of the two numbers. */
  readonly branch: number;
  readonly peerBranch: number;
  readonly currency: string;
  /** In the books of `branch`: what it owes `peerBranch` (positive) or is owed (negative). */
  readonly balance: Money;
  /** In the books of `peerBranch`: always the opposite. */
  readonly peerBalance: Money;
}

export function branchFrom(wire: WireBranch | undefined): Branch {
  const { id, position, time, cash, state, head } = present(wire, 'branch');
  return {
    id: present(id, 'branch.id'),
    state: states[state] ?? 'unknown',
    position,
    ...timeFrom(time),
    cash: cash.map((money) => moneyFrom(money, 'cash')),
    ...(head !== undefined && { head: headFrom(head) }),
  };
}

export function trialBalanceFrom({ position, lines }: WireTrialBalance): TrialBalance {
  return { ...positionFrom(position), lines: lines.map(trialBalanceLineFrom) };
}

export function bankTrialBalanceFrom(wire: WireBankTrialBalance): BankTrialBalance {
  const { lines, branches, interbranchMismatches, time } = wire;
  return { lines: lines.map(trialBalanceLineFrom), branches, interbranchMismatches, ...timeFrom(time) };
}

export function interbranchPositionFrom(wire: WireInterbranchPosition): InterbranchPosition {
  const { branch, peerBranch, currency, balance, peerBalance } = wire;
  return {
    branch: present(branch, 'branch'),
    peerBranch: present(peerBranch, 'peer_branch'),
    currency,
    balance: { amount: balance, currency },
    peerBalance: { amount: peerBalance, currency },
  };
}

function trialBalanceLineFrom(wire: WireTrialBalanceLine): TrialBalanceLine {
  return {
    currency: wire.currency,
    postedDebits: totalFrom(wire.postedDebits, 'posted_debits'),
    postedCredits: totalFrom(wire.postedCredits, 'posted_credits'),
    heldDebits: totalFrom(wire.heldDebits, 'held_debits'),
    heldCredits: totalFrom(wire.heldCredits, 'held_credits'),
  };
}

const states: Partial<Record<WireBranchState, Branch['state']>> = {
  [WireBranchState.OPEN]: 'open',
  [WireBranchState.CLOSED]: 'closed',
};
