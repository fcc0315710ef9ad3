import { BranchServiceDefinition } from '../gen/giro/v1/branch_service.js';
import type { Money } from '../money/money.js';
import {
  checkBranch,
  checkFields,
  checkMoney,
  checkPageSize,
  checkPageToken,
  checkWriteId,
} from './arguments.js';
import { branchFrom, trialBalanceFrom, type Branch, type TrialBalance } from './branch.js';
import type { Caller } from './caller.js';
import { listing, pageFrom, type Listing, type PageParams } from './listing.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import { receiptFrom, type Receipt } from './receipt.js';

/** What {@link Branches.initialize} takes. */
export interface InitializeBranchParams {
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

/** The bank's branches. */
export interface Branches {
  /**
   * Opens a branch's books.
   *
   * @throws {@link BranchExistsError} if another write has initialized the branch
   */
  initialize(params: InitializeBranchParams, options?: CallOptions): Promise<Receipt>;
  /** @throws {@link BranchNotFoundError} */
  get(branch: number, options?: CallOptions): Promise<Branch>;
  /** Branches in order of their numbers. */
  list(params?: PageParams, options?: CallOptions): Listing<Branch>;
  /** @throws {@link BranchNotFoundError} */
  trialBalance(branch: number, options?: CallOptions): Promise<TrialBalance>;
}

export function branchesOf(caller: Caller): Branches {
  return {
    initialize: async (params, options) => {
      const fields = checkFields(params);
      const branch = checkBranch(fields['id'], 'id');
      const initialBalance = checkMoney(fields['initialBalance'], 'initialBalance', 0n);
      const id = checkWriteId(fields['writeId'], 'writeId');
      const request = { id, branch, initialBalance };
      return caller.call(
        { method: initializeBranch, request, branch, id, read: ({ receipt }) => receiptFrom(receipt) },
        options,
      );
    },
    get: async (id, options) => {
      const branch = checkBranch(id);
      return caller.call(
        { method: getBranch, request: { branch }, branch, read: (answer) => branchFrom(answer.branch) },
        options,
      );
    },
    list: (params = {}, options = {}) =>
      listing(() => {
        const fields = checkFields(params);
        const pageSize = checkPageSize(fields['pageSize']);
        return {
          pageToken: checkPageToken(fields['pageToken']),
          signal: options.signal,
          fetch: (pageToken) =>
            caller.call(
              {
                method: listBranches,
                request: { pageSize, pageToken },
                branch: ANY_BRANCH,
                read: (answer) => pageFrom(answer.branches.map(branchFrom), answer.nextPageToken, pageToken),
              },
              options,
            ),
        };
      }),
    trialBalance: async (id, options) => {
      const branch = checkBranch(id);
      return caller.call(
        { method: getTrialBalance, request: { branch }, branch, read: trialBalanceFrom },
        options,
      );
    },
  };
}

/** A listing of all branches is every server's business; this picks one. */
const ANY_BRANCH = 0;

const { methods } = BranchServiceDefinition;
const initializeBranch = method(BranchServiceDefinition, methods.initializeBranch);
const getBranch = method(BranchServiceDefinition, methods.getBranch);
const listBranches = method(BranchServiceDefinition, methods.listBranches);
const getTrialBalance = method(BranchServiceDefinition, methods.getTrialBalance);
