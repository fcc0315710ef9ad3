import {
  AccountServiceDefinition,
  type GetBalancesRequest,
  type GetBalancesResponse,
  type ListAccountsResponse,
} from '../gen/giro/v1/account_service.js';
import { LOOKUP_ITEMS_MAX } from '../limits.js';
import type { Money } from '../money/money.js';
import { accountFrom, openedAccountFrom, type Account, type OpenedAccount } from './account.js';
import { present } from './answer.js';
import {
  checkAccount,
  checkBoolean,
  checkBranch,
  checkCurrency,
  checkCustomer,
  checkFields,
  checkItems,
  checkMoney,
  checkPageSize,
  checkPageToken,
  openParams,
} from './arguments.js';
import { balancesFrom, type Balance } from './balance.js';
import type { Caller } from './caller.js';
import { joinedBalances } from './joint-balances.js';
import { listing, pageFrom, type Listing, type ListingPlan, type PageParams } from './listing.js';
import { method } from './method.js';
import { checkMoment, type Moment } from './moment.js';
import type { CallOptions } from './options.js';
import { readReceipt, type Receipt } from './receipt.js';
import {
  statementListing,
  type StatementLine,
  type StatementPage,
  type StatementParams,
} from './statement.js';
import {
  checkMetadata,
  checkWrite,
  type CheckedWrite,
  type Metadata,
  type WriteParams,
} from './write-params.js';

/** What {@link Accounts.open} takes. The `metadata` becomes the account's. */
export interface OpenAccountParams extends WriteParams {
  /** The branch that keeps the account, 0..9999. */
  readonly branch: number;
  /** Who holds it: 1 to 128 characters, unique per branch. */
  readonly customer: string;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
}

/** What {@link Accounts.freeze}, {@link Accounts.unfreeze} and {@link Accounts.close} take. */
export interface ChangeAccountParams extends WriteParams {
  /** The account's id. */
  readonly account: string;
}

/** What {@link Accounts.setOverdraftLimit} takes. */
export interface SetOverdraftLimitParams extends ChangeAccountParams {
  /** How far below zero the account may go: 0 or more, in the account's currency. */
  readonly limit: Money;
}

/** What {@link Accounts.setMetadata} takes. */
export interface SetMetadataParams extends ChangeAccountParams {
  /** The account's metadata from now on; none of the earlier is kept. */
  readonly metadata: Metadata;
}

/** What {@link Accounts.list} takes. */
export interface ListAccountsParams extends PageParams {
  readonly branch: number;
  /** Only this customer's accounts. */
  readonly customer?: string | undefined;
  /**
   * Also the accounts that the bank itself owns: vault, capital, interbranch, exchange, income, expense.
   *
   * @defaultValue false
   */
  readonly includeInternal?: boolean | undefined;
}

/** What {@link Accounts.balances} takes. */
export interface BalancesParams {
  /**
   * A time, after all entries up to which the balances are asked for, whatever their branches; or a position, for
   * accounts of one branch whose journal has reached it.
   *
   * @defaultValue now
   */
  readonly at?: Moment | undefined;
}

/** Customers' accounts, and the bank's own. */
export interface Accounts {
  /** @throws {@link BranchNotFoundError}, {@link BranchClosedError} */
  open(params: OpenAccountParams, options?: CallOptions): Promise<OpenedAccount>;
  /**
   * No new debits or holds from now on; credits and captures of earlier holds go on.
   *
   * @throws {@link AccountNotFoundError}, {@link AccountClosedError}
   */
  freeze(params: ChangeAccountParams, options?: CallOptions): Promise<Receipt>;
  /** @throws {@link AccountNotFoundError}, {@link AccountClosedError} */
  unfreeze(params: ChangeAccountParams, options?: CallOptions): Promise<Receipt>;
  /**
   * Closes an account for good. It needs a balance of zero and no outgoing hold.
   *
   * @throws {@link AccountNotEmptyError}, {@link AccountHasHoldsError}, {@link AccountNotFoundError},
   *   {@link AccountClosedError}
   */
  close(params: ChangeAccountParams, options?: CallOptions): Promise<Receipt>;
  /**
   * How far below zero the account may go. A limit below what is used stops further debits, and nothing else.
   *
   * @throws {@link AccountNotFoundError}, {@link CurrencyMismatchError}, {@link AccountClosedError}
   */
  setOverdraftLimit(params: SetOverdraftLimitParams, options?: CallOptions): Promise<Receipt>;
  /**
   * Replaces the account's metadata.
   *
   * @throws {@link AccountNotFoundError}, {@link AccountClosedError}
   */
  setMetadata(params: SetMetadataParams, options?: CallOptions): Promise<Receipt>;
  /** @throws {@link AccountNotFoundError} */
  get(accountId: string, options?: CallOptions): Promise<Account>;
  /**
   * Accounts of a branch, or of one of its customers, in the order they were opened.
   *
   * @throws {@link BranchNotFoundError}
   */
  list(params: ListAccountsParams, options?: CallOptions): Listing<Account>;
  /**
   * Balances of 1 to 1,000 accounts in one snapshot, now or at a past moment, in the order asked for.
   *
   * @throws {@link AccountNotFoundError}, {@link PositionNotFoundError}
   */
  balances(
    accountIds: readonly string[],
    params?: BalancesParams,
    options?: CallOptions,
  ): Promise<readonly Balance[]>;
  /**
   * The postings of one account, each with the balance after it. A page has the opening and the closing balance, too.
   *
   * @throws {@link AccountNotFoundError}, {@link PositionNotFoundError}
   */
  statement(
    accountId: string,
    params?: StatementParams,
    options?: CallOptions,
  ): Listing<StatementLine, StatementPage>;
}

export function accountsOf(caller: Caller): Accounts {
  const read = readReceipt;
  return {
    open: async (params, options) => {
      const { fields, path } = openParams(params);
      const branch = checkBranch(fields['branch']);
      const customer = checkCustomer(fields['customer']);
      const currency = checkCurrency(fields['currency']);
      const { id, options: writeOptions } = checkWrite(fields, path);
      const request = { id, branch, customer, currency, options: writeOptions };
      return caller.call({ method: openAccount, request, branch, id, read: openedAccountFrom }, options);
    },
    freeze: async (params, options) =>
      caller.call({ method: freezeAccount, ...checkChange(params), read }, options),
    unfreeze: async (params, options) =>
      caller.call({ method: unfreezeAccount, ...checkChange(params), read }, options),
    close: async (params, options) =>
      caller.call({ method: closeAccount, ...checkChange(params), read }, options),
    setOverdraftLimit: async (params, options) => {
      const { request, ...checked } = checkChange(params);
      const limit = checkMoney(checkFields(params)['limit'], 'limit', 0n);
      return caller.call(
        { method: setOverdraftLimit, ...checked, request: { ...request, limit }, read },
        options,
      );
    },
    setMetadata: async (params, options) => {
      const checked = checkChange(params);
      // Left out, it would empty the account's metadata: that is to be said.
      checkMetadata(checkFields(params)['metadata']);
      return caller.call({ method: setAccountMetadata, ...checked, read }, options);
    },
    get: async (accountId, options) => {
      const { id: account, branch } = checkAccount(accountId, 'accountId');
      return caller.call(
        { method: getAccount, request: { account }, branch, read: (answer) => accountFrom(answer.account) },
        options,
      );
    },
    list: (params, options) => listing(() => accountListing(caller, params, options)),
    balances: async (accountIds, params = {}, options) => {
      const bounds = { min: 1, max: LOOKUP_ITEMS_MAX };
      const checked = checkItems(accountIds, 'accountIds', bounds, checkAccount);
      const accounts = checked.map(({ id }) => id);
      const request = { accounts, at: checkAt(checkFields(params)['at']) };
      const { branch } = present(checked[0], 'accountIds[0]');
      const read = (answer: GetBalancesResponse) => balancesFrom(answer, accounts);
      const call = { method: getBalances, request, branch, read };
      // Balances of the past are all of different moments.
      return caller.call(request.at === undefined ? { ...call, attempt: joinedBalances } : call, options);
    },
    statement: (accountId, params, options) =>
      listing(() => statementListing(caller, accountId, params, options)),
  };
}

interface ChangeAccountRequest {
  id: string;
  account: string;
  options: ReturnType<typeof checkWrite>['options'];
}

function checkChange(params: unknown): CheckedWrite<ChangeAccountRequest> {
  const { fields, path } = openParams(params);
  const account = checkAccount(fields['account'], 'account');
  const { id, options } = checkWrite(fields, path);
  return { id, branch: account.branch, request: { id, account: account.id, options } };
}

function checkAt(at: unknown): GetBalancesRequest['at'] {
  if (at === undefined) return undefined;
  const moment = checkMoment(at, 'at');
  return moment.kind === 'time'
    ? { $case: 'time', value: moment.value }
    : { $case: 'position', value: moment.value };
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

const { methods } = AccountServiceDefinition;
const openAccount = method(AccountServiceDefinition, methods.openAccount);
const freezeAccount = method(AccountServiceDefinition, methods.freezeAccount);
const unfreezeAccount = method(AccountServiceDefinition, methods.unfreezeAccount);
const closeAccount = method(AccountServiceDefinition, methods.closeAccount);
const setOverdraftLimit = method(AccountServiceDefinition, methods.setOverdraftLimit);
const setAccountMetadata = method(AccountServiceDefinition, methods.setAccountMetadata);
const getAccount = method(AccountServiceDefinition, methods.getAccount);
const listAccounts = method(AccountServiceDefinition, methods.listAccounts);
const getBalances = method(AccountServiceDefinition, methods.getBalances);
