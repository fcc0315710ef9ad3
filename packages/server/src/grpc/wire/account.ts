import {
  AccountKind,
  AccountState as WireAccountState,
  formatAccountId,
  type Account,
} from '@giro/sdk/protocol';
import { availableIn, balanceOf, type AccountState } from '../../ledger/state.js';
import { wirePosition, wireTime } from './position.js';

export function wireAccount(account: AccountState): Account {
  const { branch, currency } = account;
  return {
    id: formatAccountId(account),
    branch,
    kind: wireAccountKinds[account.kind],
    customer: account.customer ?? '',
    peerBranch: account.peerBranch,
    currency,
    postedDebits: account.postedDebits.toString(),
    postedCredits: account.postedCredits.toString(),
    balance: { amount: balanceOf(account), currency },
    available: { amount: availableIn(account), currency },
    position: wirePosition(branch, account.position),
    openedTime: wireTime(account.openedMicros),
    state: wireAccountStates[account.status],
    overdraftLimit: account.overdraftLimit,
    heldDebits: account.heldDebits.toString(),
    heldCredits: account.heldCredits.toString(),
    metadata: { ...account.metadata },
  };
}

export const wireAccountKinds = {
  customer: AccountKind.CUSTOMER,
  vault: AccountKind.VAULT,
  capital: AccountKind.CAPITAL,
  interbranch: AccountKind.INTERBRANCH,
  exchange: AccountKind.EXCHANGE,
  income: AccountKind.INCOME,
  expense: AccountKind.EXPENSE,
} as const;

export const wireAccountStates = {
  open: WireAccountState.OPEN,
  frozen: WireAccountState.FROZEN,
  closed: WireAccountState.CLOSED,
} as const;
