import { formatAccountId } from '@giro/sdk/protocol';
import { currencyMismatch, customerAccount, isRefusal } from './account-access.js';
import type { Books } from './books.js';
import type { ChangeAccountState, SetAccountMetadata, SetOverdraftLimit } from './command.js';
import { apply, refuse, refuseWith, type Decision } from './decision.js';
import type { AccountStatus } from './state.js';
import { balanceOf } from './state.js';

/** Freezes, unfreezes or closes an account (R10). Only closing asks for more than an account that is not closed. */
export function changeAccountStatus(books: Books, { kind, account: ref }: ChangeAccountState): Decision {
  const account = customerAccount(books, ref);
  if (isRefusal(account)) return refuseWith(account);
  const id = formatAccountId(ref);
  if (account.status === 'closed') return refuse('ACCOUNT_CLOSED', { account: id });
  if (kind === 'closeAccount') {
    const { currency, heldDebits } = account;
    const balance = balanceOf(account);
    if (balance !== 0n)
      return refuse('ACCOUNT_NOT_EMPTY', { account: id, balance: String(balance), currency });
    if (heldDebits > 0n)
      return refuse('ACCOUNT_HAS_HOLDS', { account: id, held: String(heldDebits), currency });
  }
  const change = { kind: 'accountStatusChanged', serial: ref.serial, status: STATUS[kind] } as const;
  return apply({ branch: ref.branch, change });
}

/** Sets how far an account may go below zero. A limit below what is used only stops further debits (R4). */
export function setOverdraftLimit(
  books: Books,
  { account: ref, limit, currency }: SetOverdraftLimit,
): Decision {
  const account = customerAccount(books, ref);
  if (isRefusal(account)) return refuseWith(account);
  if (account.currency !== currency) return refuseWith(currencyMismatch(account, currency));
  if (account.status === 'closed') return refuse('ACCOUNT_CLOSED', { account: formatAccountId(ref) });
  const { branch, serial } = ref;
  return apply({ branch, change: { kind: 'overdraftLimitChanged', serial, limit, currency } });
}

/** Replaces an account's metadata by that of the write's notes. */
export function setAccountMetadata(books: Books, { account: ref }: SetAccountMetadata): Decision {
  const account = customerAccount(books, ref);
  if (isRefusal(account)) return refuseWith(account);
  if (account.status === 'closed') return refuse('ACCOUNT_CLOSED', { account: formatAccountId(ref) });
  const { branch, serial } = ref;
  return apply({ branch, change: { kind: 'accountMetadataChanged', serial } });
}

const STATUS = {
  freezeAccount: 'frozen',
  unfreezeAccount: 'open',
  closeAccount: 'closed',
} as const satisfies Record<ChangeAccountState['kind'], AccountStatus>;
