import {
  BranchServiceDefinition,
  type AddCashRequest,
  type CloseBranchRequest,
  type ListBranchesResponse,
  type ListInterbranchPositionsResponse,
  type RemoveCashRequest,
} from '../gen/giro/v1/branch_service.js';
import type { Money } from '../money/money.js';
import {
  checkBranch,
  checkFields,
  checkMoney,
  checkPageSize,
  checkPageToken,
  openParams,
} from './arguments.js';
import {
  bankTrialBalanceFrom,
  branchFrom,
  interbranchPositionFrom,
  trialBalanceFrom,
  type BankTrialBalance,
  type Branch,
  type InterbranchPosition,
  type TrialBalance,
} from './branch.js';
import type { Caller } from './caller.js';
import { listing, pageFrom, type Listing, type ListingPlan, type PageParams } from './listing.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { readMoneyReceipt, readReceipt, type MoneyReceipt, type Receipt } from './receipt.js';
import { checkWrite, type CheckedWrite, type WriteParams } from './write-params.js';

/** What {@link Branches.initialize} takes. */
export interface InitializeBranchParams extends Omit<WriteParams, 'id'> {
  /** The branch's number, 0..9999, chosen by whoever initializes it. */
  readonly id: number;
  /** Cash in the vault against capital; zero or more. */
  readonly initialBalance: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly writeId?: string | undefined;
}

/** What {@link Branches.addCash} and {@link Branches.removeCash} take. */
export interface CashParams extends WriteParams {
  readonly branch: number;
  /** More than zero. */
  readonly amount: Money;
}

/** What {@link Branches.close} takes. */
export interface CloseBranchParams extends WriteParams {
  readonly branch: number;
}

/** What {@link Branches.interbranchPositions} takes. */
export interface ListInterbranchPositionsParams extends PageParams {
  /**
   * Only pairs with this branch.
   *
   * @defaultValue all pairs
   */
  readonly branch?: number | undefined;
}

/** The bank's branches. */
export interface Branches {
  /**
   * Opens a branch's books.
   *
   * @throws {@link BranchExistsError} if another write has initialized the branch
   */
  initialize(params: InitializeBranchParams, options?: CallOptions): Promise<MoneyReceipt>;
  /**
   * Cash brought into a branch's vault by the bank: capital to vault.
   *
   * @throws {@link BranchNotFoundError}, {@link BranchClosedError}
   */
  addCash(params: CashParams, options?: CallOptions): Promise<MoneyReceipt>;
  /**
   * Cash taken out of a branch's vault by the bank: vault to capital.
   *
   * @throws {@link InsufficientCashError}, {@link BranchNotFoundError}, {@link BranchClosedError}
   */
  removeCash(params: CashParams, options?: CallOptions): Promise<MoneyReceipt>;
  /**
   * Closes a branch for good: its vault must be empty, its interbranch accounts settled, its customers' accounts closed.
   *
   * @throws {@link BranchNotEmptyError}, {@link BranchNotFoundError}, {@link BranchClosedError}
   */
  close(params: CloseBranchParams, options?: CallOptions): Promise<Receipt>;
  /** @throws {@link BranchNotFoundError} */
  get(branch: number, options?: CallOptions): Promise<Branch>;
  /** Branches in order of their numbers. */
  list(params?: PageParams, options?: CallOptions): Listing<Branch>;
  /**
   * The proof that a branch's debits equal its credits.
   *
   * @throws {@link BranchNotFoundError}
   */
  trialBalance(branch: number, options?: CallOptions): Promise<TrialBalance>;
  /** The same over all branches, in one snapshot. */
  bankTrialBalance(options?: CallOptions): Promise<BankTrialBalance>;
  /** What branches owe each other, as each of the two has it in its books, in order of branches and currency. */
  interbranchPositions(
    params?: ListInterbranchPositionsParams,
    options?: CallOptions,
  ): Listing<InterbranchPosition>;
}

export function branchesOf(caller: Caller): Branches {
  return {
    initialize: async (params, options) => {
      const { fields, path } = openParams(params);
      const branch = checkBranch(fields['id'], 'id');
      const initialBalance = checkMoney(fields['initialBalance'], 'initialBalance', 0n);
      const { id, options: writeOptions } = checkWrite(fields, path, 'writeId');
      const request = { id, branch, initialBalance, options: writeOptions };
      return caller.call({ method: initializeBranch, request, branch, id, read: readMoneyReceipt }, options);
    },
    addCash: async (params, options) =>
      caller.call({ method: addCash, ...checkCash(params), read: readMoneyReceipt }, options),
    removeCash: async (params, options) =>
      caller.call({ method: removeCash, ...checkCash(params), read: readMoneyReceipt }, options),
    close: async (params, options) =>
      caller.call({ method: closeBranch, ...checkClose(params), read: readReceipt }, options),
    get: async (id, options) => {
      const branch = checkBranch(id);
      return caller.call(
        { method: getBranch, request: { branch }, branch, read: (answer) => branchFrom(answer.branch) },
        options,
      );
    },
    list: (params, options) => listing(() => branchListing(caller, params, options)),
    trialBalance: async (id, options) => {
      const branch = checkBranch(id);
      return caller.call(
        { method: getTrialBalance, request: { branch }, branch, read: trialBalanceFrom },
        options,
      );
    },
    bankTrialBalance: async (options) =>
      caller.call(
        { method: getBankTrialBalance, request: {}, branch: ANY_BRANCH, read: bankTrialBalanceFrom },
        options,
      ),
    interbranchPositions: (params, options) => listing(() => interbranchListing(caller, params, options)),
  };
}

function checkCash(params: unknown): CheckedWrite<AddCashRequest & RemoveCashRequest> {
  const { fields, path } = openParams(params);
  const branch = checkBranch(fields['branch']);
  const amount = checkMoney(fields['amount'], 'amount');
  const { id, options } = checkWrite(fields, path);
  return { id, branch, request: { id, branch, amount, options } };
}

function checkClose(params: unknown): CheckedWrite<CloseBranchRequest> {
  const { fields, path } = openParams(params);
  const branch = checkBranch(fields['branch']);
  const { id, options } = checkWrite(fields, path);
  return { id, branch, request: { id, branch, options } };
}

function branchListing(
  caller: Caller,
  params: PageParams = {},
  options: CallOptions = {},
): ListingPlan<Branch> {
  const fields = checkFields(params);
  const pageSize = checkPageSize(fields['pageSize']);
  return {
    pageToken: checkPageToken(fields['pageToken']),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { pageSize, pageToken };
      const read = ({ branches, nextPageToken }: ListBranchesResponse) =>
        pageFrom(branches.map(branchFrom), nextPageToken, pageToken);
      return caller.call({ method: listBranches, request, branch: ANY_BRANCH, read }, options);
    },
  };
}

function interbranchListing(
  caller: Caller,
  params: ListInterbranchPositionsParams = {},
  options: CallOptions = {},
): ListingPlan<InterbranchPosition> {
  const fields = checkFields(params);
  const branch = fields['branch'] === undefined ? undefined : checkBranch(fields['branch']);
  const pageSize = checkPageSize(fields['pageSize']);
  return {
    pageToken: checkPageToken(fields['pageToken']),
    signal: options.signal,
    fetch: (pageToken) => {
      const request = { branch, pageSize, pageToken };
      const read = ({ positions, nextPageToken }: ListInterbranchPositionsResponse) =>
        pageFrom(positions.map(interbranchPositionFrom), nextPageToken, pageToken);
      return caller.call(
        { method: listInterbranchPositions, request, branch: branch ?? ANY_BRANCH, read },
        options,
      );
    },
  };
}

/** A listing of all branches is every server's business; this picks one. */
const ANY_BRANCH = 0;

const { methods } = BranchServiceDefinition;
const initializeBranch = method(BranchServiceDefinition, methods.initializeBranch);
const addCash = method(BranchServiceDefinition, methods.addCash);
const removeCash = method(BranchServiceDefinition, methods.removeCash);
const closeBranch = method(BranchServiceDefinition, methods.closeBranch);
const getBranch = method(BranchServiceDefinition, methods.getBranch);
const listBranches = method(BranchServiceDefinition, methods.listBranches);
const getTrialBalance = method(BranchServiceDefinition, methods.getTrialBalance);
const getBankTrialBalance = method(BranchServiceDefinition, methods.getBankTrialBalance);
const listInterbranchPositions = method(BranchServiceDefinition, methods.listInterbranchPositions);
