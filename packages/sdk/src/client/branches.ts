import type { Money } from '../money/money.js';
import type { Branch, TrialBalance } from './branch.js';
import type { Listing, PageParams } from './listing.js';
import type { CallOptions } from './options.js';
import type { Receipt } from './receipt.js';

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
