import type { AccountRef } from '@giro/sdk/protocol';
import type { Entry } from '../ledger/entry.js';
import type { HoldView } from '../ledger/hold-view.js';
import type { JournalHead } from '../ledger/seal.js';
import type { AccountState } from '../ledger/state.js';
import type { AccountFilter } from './read-accounts.js';
import type { BalanceMoment, BalanceView } from './read-balances.js';
import type { BranchView } from './read-branches.js';
import type { GroupView } from './read-groups.js';
import type { HoldFilter } from './read-holds.js';
import type { InterbranchFilter, InterbranchPosition } from './read-interbranch.js';
import type { ProvenEntry } from './read-proof.js';
import type { StatementFilter, StatementPage } from './read-statement.js';
import type { FoundTransfer, TransferRef } from './read-transfers.js';
import type { BankTrialBalance, TrialBalance } from './read-trial-balance.js';
import type { WatchPage, WatchPlace } from './read-watch-page.js';
import type { VerificationEvent } from './verification.js';

/**
 * Everything that can be asked of the books, wherever they are kept. Each answer is one snapshot, in which stands what
 * was acknowledged before it was asked for (R12).
 *
 * Every method rejects with a RequestError: UNAVAILABLE if the books cannot be reached, BRANCH_NOT_FOUND where a branch
 * is named that there is not, and what it says of itself.
 */
export interface Reads {
  /** The account as a write that is decided now would find it. @throws ACCOUNT_NOT_FOUND */
  account(account: AccountRef): Promise<AccountState>;
  /** In order of their serials. */
  accounts(filter: AccountFilter): Promise<readonly AccountState[]>;
  /** The account of a customer of the seed's interface, in whichever of the branches it is. */
  seedAccount(branches: readonly number[], customer: string): Promise<AccountState | undefined>;
  /** Balances as they are, in the order asked for. @throws ACCOUNT_NOT_FOUND */
  balances(accounts: readonly AccountRef[]): Promise<readonly BalanceView[]>;
  /**
   * Balances as they were. An account that was not there yet had a balance of zero.
   *
   * @throws ACCOUNT_NOT_FOUND or POSITION_NOT_FOUND
   */
  balancesAt(accounts: readonly AccountRef[], moment: BalanceMoment): Promise<readonly BalanceView[]>;
  branch(branch: number): Promise<BranchView>;
  /** In order of their ids, after a given one. */
  branches(after: number, limit: number): Promise<readonly BranchView[]>;
  /** Tells whether any of the branches has been initialized. */
  someBranchExists(branches: readonly number[]): Promise<boolean>;
  /** The branches in which holds have expired that no entry says so of yet: some of them, if there are many. */
  branchesWithDueHolds(): Promise<readonly number[]>;
  /** @param branch - one that the group touched. @throws GROUP_NOT_FOUND */
  group(branch: number, id: string): Promise<GroupView>;
  /** A hold as a write that is decided now would find it. @throws HOLD_NOT_FOUND */
  hold(branch: number, id: string): Promise<HoldView>;
  /** Holds on either side of an account, oldest first. @throws ACCOUNT_NOT_FOUND */
  holds(filter: HoldFilter): Promise<readonly HoldView[]>;
  /** In order of branches and currency. */
  interbranchPositions(filter: InterbranchFilter): Promise<readonly InterbranchPosition[]>;
  /** Entries of a branch in order of position. */
  entries(branch: number, after: number, limit: number): Promise<readonly Entry[]>;
  /** Proves that an entry is in its branch's journal. @throws POSITION_NOT_FOUND, or INTERNAL if it fits no seal */
  provenEntry(branch: number, position: number): Promise<ProvenEntry>;
  /**
   * The bounds of a statement, both balances and a page of lines. Asked again with `from` and `to` set to `first` and
   * `last`, it goes on in the same statement, whatever was written meanwhile.
   *
   * @throws ACCOUNT_NOT_FOUND, or POSITION_NOT_FOUND if the journal does not reach `to`
   */
  statement(filter: StatementFilter): Promise<StatementPage>;
  /** In the order asked for, undefined for those that there are not. */
  transfers(refs: readonly TransferRef[]): Promise<readonly (FoundTransfer | undefined)[]>;
  /** Debits and credits over all accounts of a branch. */
  trialBalance(branch: number): Promise<TrialBalance>;
  /** The totals of the whole bank. */
  bankTrialBalance(): Promise<BankTrialBalance>;
  /**
   * The next entries after a place, and the journal's head.
   *
   * @throws POSITION_NOT_FOUND if the journal does not reach the place, JOURNAL_DIVERGED if it does not have the seal
   */
  watchPage(place: WatchPlace, limit: number): Promise<WatchPage>;
  /** Where the journals of some branches end: only good to tell that something is new. */
  glanceAtHeads(branches: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /**
   * Verifies the journal of a branch, and everything kept beside it (R9). Ending the iteration ends the verification.
   *
   * @param trusted - a seal that the journal must have
   */
  verification(branch: number, trusted?: JournalHead): AsyncGenerator<VerificationEvent, void, undefined>;
}
