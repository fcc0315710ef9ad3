import type { Entry as WireEntry, Posting } from '../gen/giro/v1/journal_service.js';
import type { Money } from '../money/money.js';
import { accountKindFrom, holderFrom, type AccountKind } from './account.js';
import { moneyFrom, positionFrom, timeFrom } from './answer.js';

/** One change of a branch's state; `kind` tells which. */
export type Entry = BranchOpenedEntry | AccountOpenedEntry | PostingEntry | RefusalEntry | UnknownEntry;

/** What every entry has. */
export interface EntryHead {
  readonly branch: number;
  /** 1, 2, 3, … with no gap. */
  readonly position: bigint;
  /** To the millisecond. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z; it strictly increases with the position. */
  readonly timeMicros: bigint;
  /** The id of the write that made this entry. */
  readonly writeId: string;
}

/** The branch was initialized. */
export interface BranchOpenedEntry extends EntryHead {
  readonly kind: 'branch-opened';
}

/** An account was opened, by a customer or by the bank itself. */
export interface AccountOpenedEntry extends EntryHead {
  readonly kind: 'account-opened';
  readonly account: string;
  readonly accountKind: AccountKind;
  /** The holder, for a customer's account. */
  readonly customer?: string;
  /** The other branch, for an interbranch account. */
  readonly peerBranch?: number;
  readonly currency: string;
}

/** One account was debited and another credited by the same amount. */
export interface PostingEntry extends EntryHead {
  readonly kind: 'posting';
  readonly debitAccount: string;
  readonly creditAccount: string;
  readonly amount: Money;
  /** Balance of the debited account right after. */
  readonly debitBalance: Money;
  /** Balance of the credited account right after. */
  readonly creditBalance: Money;
  /** For a transfer between branches, the customer's account in the other branch. */
  readonly counterparty?: string;
}

/** A write was refused for good: this is the answer to its id for ever. */
export interface RefusalEntry extends EntryHead {
  readonly kind: 'refusal';
  /** A reason of the catalogue; a plain string, since a newer server may know more. */
  readonly reason: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A change that a newer server makes and this client does not know. */
export interface UnknownEntry extends EntryHead {
  readonly kind: 'unknown';
}

export function entryFrom({ position, time, writeId, change }: WireEntry): Entry {
  const head: EntryHead = { ...positionFrom(position), ...timeFrom(time), writeId };
  switch (change?.$case) {
    case 'branchOpened':
      return { ...head, kind: 'branch-opened' };
    case 'accountOpened': {
      const { account, kind, currency } = change.value;
      const holder = holderFrom(change.value);
      return {
        ...head,
        kind: 'account-opened',
        account,
        accountKind: accountKindFrom(kind),
        ...holder,
        currency,
      };
    }
    case 'posting':
      return { ...head, kind: 'posting', ...postingFrom(change.value) };
    case 'refusal': {
      const { reason, message, metadata } = change.value;
      return { ...head, kind: 'refusal', reason, message, metadata };
    }
    default:
      return { ...head, kind: 'unknown' };
  }
}

function postingFrom(posting: Posting): Omit<PostingEntry, keyof EntryHead | 'kind'> {
  const { debitAccount, creditAccount, debitBalance, creditBalance, counterparty } = posting;
  const amount = moneyFrom(posting.amount, 'amount');
  const { currency } = amount;
  return {
    debitAccount,
    creditAccount,
    amount,
    debitBalance: { amount: debitBalance, currency },
    creditBalance: { amount: creditBalance, currency },
    ...(counterparty !== '' && { counterparty }),
  };
}
