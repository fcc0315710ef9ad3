import { internalSerial, type InternalAccount } from '@giro/sdk/protocol';
import type { Books } from './books.js';
import type { AccountOpened } from './entry.js';
import type { LegSide } from './leg.js';
import type { AccountState } from './state.js';

/** The change that opens an internal account. */
export function internalOpening({
  kind,
  currency,
  peerBranch,
}: Omit<InternalAccount, 'branch'>): AccountOpened {
  const serial = internalSerial(
    peerBranch === undefined ? { kind, currency } : { kind, currency, peerBranch },
  );
  return { kind: 'accountOpened', serial, accountKind: kind, customer: undefined, peerBranch, currency };
}

/** The change that opens a customer's account. */
export function customerOpening(serial: number, customer: string, currency: string): AccountOpened {
  return {
    kind: 'accountOpened',
    serial,
    accountKind: 'customer',
    customer,
    peerBranch: undefined,
    currency,
  };
}

/** An internal account as a side of a leg: opened on first need, since nobody opens the bank's own accounts by hand. */
export function internalSide(books: Books, { branch, ...internal }: InternalAccount): LegSide {
  const opening = internalOpening(internal);
  const account = books.account({ branch, serial: opening.serial });
  return account === undefined ? newSide(branch, opening) : { account };
}

/** A side that the same write opens: an account with nothing posted yet. */
export function newSide(branch: number, opening: AccountOpened): LegSide {
  const account: AccountState = {
    branch,
    serial: opening.serial,
    kind: opening.accountKind,
    customer: opening.customer,
    peerBranch: opening.peerBranch,
    currency: opening.currency,
    status: 'open',
    overdraftLimit: 0n,
    postedDebits: 0n,
    postedCredits: 0n,
    heldDebits: 0n,
    heldCredits: 0n,
    metadata: {},
    position: 0,
    openedMicros: 0,
  };
  return { account, opening };
}
