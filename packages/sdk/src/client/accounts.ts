import type { Account, OpenedAccount, StatementLine } from './account.js';
import type { Listing, PageParams } from './listing.js';
import type { CallOptions } from './options.js';

/** What {@link Accounts.open} takes. */
export interface OpenAccountParams {
  /** The branch that keeps the account, 0..9999. */
  readonly branch: number;
  /** Who holds it: 1 to 128 characters, unique per branch. */
  readonly customer: string;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** What {@link Accounts.list} takes. */
export interface ListAccountsParams extends PageParams {
  readonly branch: number;
  /** Only this customer's accounts. */
  readonly customer?: string | undefined;
  /**
   * Also the accounts that the bank itself owns: vault, capital, interbranch.
   *
   * @defaultValue false
   */
  readonly includeInternal?: boolean | undefined;
}

/** What {@link Accounts.statement} takes. */
export interface StatementParams extends PageParams {
  /** @defaultValue 'oldest-first' */
  readonly order?: 'oldest-first' | 'newest-first' | undefined;
}

/** Customers' accounts, and the bank's own. */
export interface Accounts {
  /** @throws {@link BranchNotFoundError} */
  open(params: OpenAccountParams, options?: CallOptions): Promise<OpenedAccount>;
  /** @throws {@link AccountNotFoundError} */
  get(accountId: string, options?: CallOptions): Promise<Account>;
  /**
   * Accounts of a branch, or of one of its customers, in the order they were opened.
   *
   * @throws {@link BranchNotFoundError}
   */
  list(params: ListAccountsParams, options?: CallOptions): Listing<Account>;
  /**
   * The postings of one account, each with the balance after it.
   *
   * @throws {@link AccountNotFoundError}
   */
  statement(accountId: string, params?: StatementParams, options?: CallOptions): Listing<StatementLine>;
}
