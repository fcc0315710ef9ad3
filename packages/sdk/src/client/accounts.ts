import {
  AccountServiceDefinition,
  Order,
  type ListAccountsResponse,
  type ListStatementLinesResponse,
} from '../gen/giro/v1/account_service.js';
import {
  accountFrom,
  openedAccountFrom,
  statementLineFrom,
  type Account,
  type OpenedAccount,
  type StatementLine,
} from './account.js';
import {
  checkAccount,
  checkBoolean,
  checkBranch,
  checkCurrency,
  checkCustomer,
  checkFields,
  checkOneOf,
  checkPageSize,
  checkPageToken,
  checkWriteId,
} from './arguments.js';
import type { Caller } from './caller.js';
import { listing, pageFrom, type Listing, type ListingPlan, type PageParams } from './listing.js';
import { method } from './method.js';
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

export function accountsOf(caller: Caller): Accounts {
  return {
    open: async (params, options) => {
      const fields = checkFields(params);
      const branch = checkBranch(fields['branch']);
      const customer = checkCustomer(fields['customer']);
      const currency = checkCurrency(fields['currency']);
      const id = checkWriteId(fields['id']);
      const request = { id, branch, customer, currency };
      return caller.call({ method: openAccount, request, branch, id, read: openedAccountFrom }, options);
    },
    get: async (accountId, options) => {
      const { id: account, branch } = checkAccount(accountId, 'accountId');
      return caller.call(
        { method: getAccount, request: { account }, branch, read: (answer) => accountFrom(answer.account) },
        options,
      );
    },
    list: (params, options) => listing(() => accountListing(caller, params, options)),
    statement: (accountId, params, options) =>
      listing(() => statementListing(caller, accountId, params, options)),
  };
}

function accountListing(
  caller: Caller,
  params: ListAccountsParams,
  options: CallOptions = {},
): ListingPlan<Account> {
  const fields = checkFields(params);
  const branch = checkBranch(fields['branch']);
  const customer = fields['customer'] === undefined ? '' : checkCustomer(fields['customer']);
  const includeInternal = checkBoolean(fields['includeInternal'] ?? false, 'includeInternal');
  const pageSize = checkPageSize(fields['pageSize']);
  return {
    pageToken: checkPageToken(fields['pageToken']),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { branch, customer, includeInternal, pageSize, pageToken };
      const read = ({ accounts, nextPageToken }: ListAccountsResponse) =>
        pageFrom(accounts.map(accountFrom), nextPageToken, pageToken);
      return caller.call({ method: listAccounts, request, branch, read }, options);
    },
  };
}

function statementListing(
  caller: Caller,
  accountId: string,
  params: StatementParams = {},
  options: CallOptions = {},
): ListingPlan<StatementLine> {
  const { id: account, branch } = checkAccount(accountId, 'accountId');
  const fields = checkFields(params);
  const order =
    ORDERS[checkOneOf(fields['order'] ?? 'oldest-first', 'order', ['oldest-first', 'newest-first'])];
  const pageSize = checkPageSize(fields['pageSize']);
  return {
    pageToken: checkPageToken(fields['pageToken']),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { account, order, pageSize, pageToken };
      const read = ({ lines, nextPageToken }: ListStatementLinesResponse) =>
        pageFrom(lines.map(statementLineFrom), nextPageToken, pageToken);
      return caller.call({ method: listStatementLines, request, branch, read }, options);
    },
  };
}

const ORDERS = { 'oldest-first': Order.OLDEST_FIRST, 'newest-first': Order.NEWEST_FIRST } as const;

const { methods } = AccountServiceDefinition;
const openAccount = method(AccountServiceDefinition, methods.openAccount);
const getAccount = method(AccountServiceDefinition, methods.getAccount);
const listAccounts = method(AccountServiceDefinition, methods.listAccounts);
const listStatementLines = method(AccountServiceDefinition, methods.listStatementLines);
