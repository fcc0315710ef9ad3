import { formatAccountId, isInternal, parseInternalSerial, type AccountRef } from '@giro/sdk/protocol';
import { internalSide } from './account-opening.js';
import type { Books } from './books.js';
import type { Refusal } from './entry.js';
import type { LegSide } from './leg.js';
import type { AccountState } from './state.js';

/** An account to be debited, or why it cannot be (R10). */
export function toDebit(side: LegSide | Refusal): LegSide | Refusal {
  if (isRefusal(side)) return side;
  const { account } = side;
  if (account.status === 'closed') return refusal('ACCOUNT_CLOSED', account);
  return account.status === 'frozen' ? refusal('ACCOUNT_FROZEN', account) : side;
}

/** An account to be credited, or why it cannot be (R10). */
export function toCredit(side: LegSide | Refusal): LegSide | Refusal {
  if (isRefusal(side)) return side;
  return side.account.status === 'closed' ? refusal('ACCOUNT_CLOSED', side.account) : side;
}

/** A customer's account in a currency; customers' writes do not see the bank's own (R7). */
export function customerSide(books: Books, ref: AccountRef, currency: string): LegSide | Refusal {
  const account = customerAccount(books, ref);
  if (isRefusal(account)) return account;
  return account.currency === currency ? { account } : currencyMismatch(account, currency);
}

/** An account that the bank's operators may name: a customer's, or exchange, income and expense (R7). */
export function operatorSide(books: Books, ref: AccountRef, currency: string): LegSide | Refusal {
  if (!isInternal(ref)) return customerSide(books, ref, currency);
  const internal = parseInternalSerial(ref.serial);
  if (internal === undefined || !OPERATED.has(internal.kind)) return refusal('ACCOUNT_NOT_FOUND', ref);
  const side = internalSide(books, { branch: ref.branch, ...internal });
  return side.account.currency === currency ? side : currencyMismatch(side.account, currency);
}

export function customerAccount(books: Books, ref: AccountRef): AccountState | Refusal {
  const account = books.account(ref);
  return account?.kind === 'customer' ? account : refusal('ACCOUNT_NOT_FOUND', ref);
}

export function currencyMismatch(account: AccountState, given: string): Refusal {
  const metadata = { account: formatAccountId(account), currency: account.currency, given };
  return { reason: 'CURRENCY_MISMATCH', metadata };
}

export function isRefusal(value: object): value is Refusal {
  return 'reason' in value;
}

const OPERATED: ReadonlySet<string> = new Set(['exchange', 'income', 'expense']);

function refusal(
  reason: 'ACCOUNT_NOT_FOUND' | 'ACCOUNT_CLOSED' | 'ACCOUNT_FROZEN',
  account: AccountRef,
): Refusal {
  return { reason, metadata: { account: formatAccountId(account) } };
}
