import {
  AccountKind as WireAccountKind,
  AccountState as WireAccountState,
  type Account as WireAccount,
  type OpenAccountResponse,
} from '../gen/giro/v1/account_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, timeFrom, totalFrom } from './answer.js';
import { receiptFrom, type Receipt } from './receipt.js';
import type { Metadata } from './write-params.js';

/** Who an account belongs to. `unknown` is a kind that a newer server has and this client does not know. */
export type AccountKind =
  'customer' | 'vault' | 'capital' | 'interbranch' | 'exchange' | 'income' | 'expense' | 'unknown';

/**
 * `frozen`: no new debits or holds. `closed`: for good, no debits and no credits. `unknown` is a state that a newer
 * server has and this client does not know.
 */
export type AccountState = 'open' | 'frozen' | 'closed' | 'unknown';

/** A line in one branch's books, in one currency. */
export interface Account {
  /** `<branch>-<serial>-<check>` */
  readonly id: string;
  /** The branch whose books it is in: 0..9999. */
  readonly branch: number;
  readonly kind: AccountKind;
  readonly state: AccountState;
  /** The holder, for a customer's account. */
  readonly customer?: string;
  /** The other branch, for an interbranch account. */
  readonly peerBranch?: number;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Lifetime total in minor units; never falls, and may be wider than 64 bits. */
  readonly postedDebits: bigint;
  /** Lifetime total in minor units; never falls, and may be wider than 64 bits. */
  readonly postedCredits: bigint;
  /** What holds have reserved of it, in minor units; expired ones are not counted. */
  readonly heldDebits: bigint;
  /** What holds have reserved for it, in minor units; expired ones are not counted. */
  readonly heldCredits: bigint;
  /** Credits minus debits; for the vault and expense accounts, debits minus credits. */
  readonly balance: Money;
  /** What can be taken out now: balance minus held debits plus overdraft limit. */
  readonly available: Money;
  /** How far below zero the account may go: 0 or more. */
  readonly overdraftLimit: Money;
  /** The last entry of its branch's journal that changed this account. */
  readonly position: bigint;
  /** When it was opened, to the millisecond. */
  readonly openedTime: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly openedTimeMicros: bigint;
  readonly metadata: Metadata;
}

/** An account as it was opened, with the receipt of its opening. */
export interface OpenedAccount extends Account {
  readonly customer: string;
  readonly receipt: Receipt;
}

export function accountFrom(wire: WireAccount | undefined): Account {
  const account = present(wire, 'account');
  const { time, timeMicros } = timeFrom(account.openedTime);
  const { currency } = account;
  return {
    id: account.id,
    branch: present(account.branch, 'account.branch'),
    kind: accountKindFrom(account.kind),
    state: accountStateFrom(account.state),
    ...holderFrom(account),
    currency,
    postedDebits: totalFrom(account.postedDebits, 'posted_debits'),
    postedCredits: totalFrom(account.postedCredits, 'posted_credits'),
    heldDebits: totalFrom(account.heldDebits, 'held_debits'),
    heldCredits: totalFrom(account.heldCredits, 'held_credits'),
    balance: moneyFrom(account.balance, 'balance'),
    available: moneyFrom(account.available, 'available'),
    overdraftLimit: { amount: account.overdraftLimit, currency },
    position: positionFrom(account.position).position,
    openedTime: time,
    openedTimeMicros: timeMicros,
    metadata: account.metadata,
  };
}

export function openedAccountFrom({ account, receipt }: OpenAccountResponse): OpenedAccount {
  const opened = accountFrom(account);
  return { ...opened, customer: present(opened.customer, 'customer'), receipt: receiptFrom(receipt) };
}

export function accountKindFrom(kind: WireAccountKind): AccountKind {
  return kinds[kind] ?? 'unknown';
}

export function accountStateFrom(state: WireAccountState): AccountState {
  return states[state] ?? 'unknown';
}

/** The fields that only some kinds of accounts have. */
export function holderFrom(wire: {
  readonly customer: string;
  readonly peerBranch?: number | undefined;
}): Pick<Account, 'customer' | 'peerBranch'> {
  return {
    ...(wire.customer !== '' && { customer: wire.customer }),
    ...(wire.peerBranch !== undefined && { peerBranch: wire.peerBranch }),
  };
}

const kinds: Partial<Record<WireAccountKind, AccountKind>> = {
  [WireAccountKind.CUSTOMER]: 'customer',
  [WireAccountKind.VAULT]: 'vault',
  [WireAccountKind.CAPITAL]: 'capital',
  [WireAccountKind.INTERBRANCH]: 'interbranch',
  [WireAccountKind.EXCHANGE]: 'exchange',
  [WireAccountKind.INCOME]: 'income',
  [WireAccountKind.EXPENSE]: 'expense',
};

const states: Partial<Record<WireAccountState, AccountState>> = {
  [WireAccountState.OPEN]: 'open',
  [WireAccountState.FROZEN]: 'frozen',
  [WireAccountState.CLOSED]: 'closed',
};
