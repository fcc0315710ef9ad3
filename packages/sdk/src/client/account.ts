import {
  AccountKind as WireAccountKind,
  Side,
  type Account as WireAccount,
  type OpenAccountResponse,
  type StatementLine as WireStatementLine,
} from '../gen/giro/v1/account_service.js';
import type { Money } from '../money/money.js';
import { moneyFrom, positionFrom, present, timeFrom, totalFrom } from './answer.js';
import { receiptFrom, type Receipt } from './receipt.js';

/** Who an account belongs to. `unknown` is a kind that a newer server has and this client does not know. */
export type AccountKind = 'customer' | 'vault' | 'capital' | 'interbranch' | 'unknown';

/** A line in one branch's books, in one currency. */
export interface Account {
  /** `<branch>-<serial>-<check>` */
  readonly id: string;
  readonly branch: number;
  readonly kind: AccountKind;
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
  /** Credits minus debits; for the vault, debits minus credits. */
  readonly balance: Money;
  /** What can be taken out now. */
  readonly available: Money;
  /** The last entry of its branch's journal that changed this account. */
  readonly position: bigint;
  readonly openedTime: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly openedTimeMicros: bigint;
}

/** An account as it was opened, with the receipt of its opening. */
export interface OpenedAccount extends Account {
  readonly customer: string;
  readonly receipt: Receipt;
}

/** One posting, seen from one of its two accounts. */
export interface StatementLine {
  readonly position: bigint;
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** The id of the write that made the posting. */
  readonly transferId: string;
  readonly side: 'debit' | 'credit';
  /** Always positive; {@link side} says which way. */
  readonly amount: Money;
  /** The account's balance right after the posting. */
  readonly balance: Money;
  /** The account at the other end: for a transfer between branches the other customer's. */
  readonly counterparty: string;
}

export function accountFrom(wire: WireAccount | undefined): Account {
  const account = present(wire, 'account');
  const { time, timeMicros } = timeFrom(account.openedTime);
  return {
    id: account.id,
    branch: present(account.branch, 'account.branch'),
    kind: accountKindFrom(account.kind),
    ...holderFrom(account),
    currency: account.currency,
    postedDebits: totalFrom(account.postedDebits, 'posted_debits'),
    postedCredits: totalFrom(account.postedCredits, 'posted_credits'),
    balance: moneyFrom(account.balance, 'balance'),
    available: moneyFrom(account.available, 'available'),
    position: positionFrom(account.position).position,
    openedTime: time,
    openedTimeMicros: timeMicros,
  };
}

export function openedAccountFrom({ account, receipt }: OpenAccountResponse): OpenedAccount {
  const opened = accountFrom(account);
  return { ...opened, customer: present(opened.customer, 'customer'), receipt: receiptFrom(receipt) };
}

export function statementLineFrom(wire: WireStatementLine): StatementLine {
  return {
    position: wire.position,
    ...timeFrom(wire.time),
    transferId: wire.transferId,
    side: sideFrom(wire.side),
    amount: moneyFrom(wire.amount, 'amount'),
    balance: moneyFrom(wire.balance, 'balance'),
    counterparty: wire.counterparty,
  };
}

export function accountKindFrom(kind: WireAccountKind): AccountKind {
  return kinds[kind] ?? 'unknown';
}

const kinds: Partial<Record<WireAccountKind, AccountKind>> = {
  [WireAccountKind.CUSTOMER]: 'customer',
  [WireAccountKind.VAULT]: 'vault',
  [WireAccountKind.CAPITAL]: 'capital',
  [WireAccountKind.INTERBRANCH]: 'interbranch',
};

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

function sideFrom(side: Side): StatementLine['side'] {
  if (side === Side.DEBIT) return 'debit';
  if (side === Side.CREDIT) return 'credit';
  throw new Error(`side ${side} is neither debit nor credit`);
}
