import type { AccountState } from '../ledger/state.js';
import { amount, bigint, column, int, numeric, text, type Column } from './columns.js';
import type { PostingChain } from './posting-chains.js';

/** What a row of `accounts` is made of. */
export interface KeptAccount {
  readonly account: AccountState;
  readonly chain: PostingChain;
}

export const ACCOUNT_KEYS: readonly Column<KeptAccount>[] = [
  column('branch_id', int, ({ account }) => account.branch),
  column('serial', bigint, ({ account }) => account.serial),
];

/** What can change of an account. */
export const CHANGING_ACCOUNT_COLUMNS: readonly Column<KeptAccount>[] = [
  column('posted_debits', numeric, ({ account }) => account.postedDebits),
  column('posted_credits', numeric, ({ account }) => account.postedCredits),
  column('held_debits', numeric, ({ account }) => account.heldDebits),
  column('held_credits', numeric, ({ account }) => account.heldCredits),
  column('status', text, ({ account }) => account.status),
  column('overdraft_limit', amount, ({ account }) => account.overdraftLimit),
  column(
    'metadata',
    text,
    ({ account: { metadata } }) =>
      Object.keys(metadata).length === 0 ? undefined : JSON.stringify(metadata),
    ({ account }) => account.metadata,
  ),
  column('position', bigint, ({ account }) => account.position),
  column('last_posting', bigint, ({ chain }) => chain.last),
  column('postings', bigint, ({ chain }) => chain.count),
];

/** The columns of `accounts`. */
export const ACCOUNT_COLUMNS: readonly Column<KeptAccount>[] = [
  ...ACCOUNT_KEYS,
  ...CHANGING_ACCOUNT_COLUMNS,
  column('kind', text, ({ account }) => account.kind),
  column('customer', text, ({ account }) => account.customer),
  column('peer_branch_id', int, ({ account }) => account.peerBranch),
  column('currency', text, ({ account }) => account.currency),
  column('opened_micros', bigint, ({ account }) => account.openedMicros),
];
