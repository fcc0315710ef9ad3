import type { Balance as WireBalance, GetBalancesResponse } from '../gen/giro/v1/account_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, timeFrom } from './answer.js';
import type { JournalHead } from './receipt.js';

/** The balance of one account, among several of one snapshot. */
export interface Balance {
  /** The account's id. */
  readonly account: string;
  readonly balance: Money;
  /** What could be taken out; only of balances as they are now. */
  readonly available?: Money;
  readonly branch: number;
  /** How far the branch's journal had got. */
  readonly position: bigint;
  /** The seal that covers the position, where it is told. */
  readonly seal?: JournalHead;
  /** The time of the entry there. If it is before the time asked for, the balance at that time can still change. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
}

/** @throws Error unless there is one for each of `accounts`, in their order */
export function balancesFrom({ balances }: GetBalancesResponse, accounts: readonly string[]): Balance[] {
  const answered = balances.map(({ account }) => account);
  if (answered.join() !== accounts.join()) throw new Error('the balances are not of the accounts asked for');
  return balances.map(balanceFrom);
}

function balanceFrom({ account, balance, available, position, time }: WireBalance): Balance {
  return {
    account,
    balance: moneyFrom(balance, 'balance'),
    ...(available !== undefined && { available: moneyFrom(available, 'available') }),
    ...positionFrom(position),
    ...timeFrom(time),
  };
}
