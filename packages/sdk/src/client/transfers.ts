import type { Money } from '../money/money.js';
import type { CallOptions } from './options.js';
import type { Transfer } from './transfer.js';

/** Cash into a customer's account. */
export interface DepositParams {
  /** The account to credit. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** Cash out of a customer's account. */
export interface WithdrawParams {
  /** The account to debit. */
  readonly from: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** From a customer's account to another, in the same branch or between two. */
export interface TransferParams {
  /** The account to debit. */
  readonly from: string;
  /** The account to credit. */
  readonly to: string;
  /** More than zero. */
  readonly amount: Money;
  /**
   * The id of this write, a UUID.
   *
   * @defaultValue a new one of version 7
   */
  readonly id?: string | undefined;
}

/** What {@link Transfers.get} takes. */
export interface GetTransferParams {
  /** A branch that the transfer touched. */
  readonly branch: number;
  /** The id of the write that made it. */
  readonly id: string;
}

/** Applied transfers. */
export interface Transfers {
  /** @throws {@link TransferNotFoundError}, which proves nothing about a write whose request may still be on its way */
  get(params: GetTransferParams, options?: CallOptions): Promise<Transfer>;
}
