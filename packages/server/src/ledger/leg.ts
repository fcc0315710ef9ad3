import { AMOUNT_MAX, formatAccountId, type AccountRef } from '@giro/sdk/protocol';
import type { BranchChange } from './decision.js';
import type { AccountOpened, Refusal } from './entry.js';
import { balanceOf, type AccountState } from './state.js';

/** One side of a leg: an account as it is, or one that the same write opens. */
export interface LegSide {
  readonly account: AccountState;
  /** Set if the account is new. */
  readonly opening?: AccountOpened;
}

/** A transfer's part in one branch: openings, if any, and one posting. */
export interface Leg {
  readonly debit: LegSide;
  readonly credit: LegSide;
  readonly amount: bigint;
  readonly counterparty?: AccountRef;
}

/** The changes that a leg makes, openings before the posting. */
export function legChanges({ debit, credit, amount, counterparty }: Leg): readonly BranchChange[] {
  const { branch, currency } = debit.account;
  const openings = [debit.opening, credit.opening].filter((opening) => opening !== undefined);
  return [
    ...openings.map((change) => ({ branch, change })),
    {
      branch,
      change: {
        kind: 'posting',
        debit: debit.account.serial,
        credit: credit.account.serial,
        amount,
        currency,
        debitBalance: balanceAfterDebit(debit.account, amount),
        creditBalance: balanceAfterCredit(credit.account, amount),
        counterparty,
      },
    },
  ];
}

/** Refuses a leg that would take a balance beyond 64 bits (R2). */
export function legOverflow({ debit, credit, amount }: Leg): Refusal | undefined {
  if (!fits(balanceAfterDebit(debit.account, amount))) return overflow(debit.account);
  if (!fits(balanceAfterCredit(credit.account, amount))) return overflow(credit.account);
  return undefined;
}

function balanceAfterDebit(account: AccountState, amount: bigint): bigint {
  return balanceOf({ ...account, postedDebits: account.postedDebits + amount });
}

function balanceAfterCredit(account: AccountState, amount: bigint): bigint {
  return balanceOf({ ...account, postedCredits: account.postedCredits + amount });
}

function fits(balance: bigint): boolean {
  return balance <= AMOUNT_MAX && balance >= -AMOUNT_MAX;
}

function overflow(account: AccountState): Refusal {
  return { reason: 'BALANCE_OVERFLOW', metadata: { account: formatAccountId(account) } };
}
