import type { CallOptions } from './options.js';

/**
 * The seed's interface: numbered customers, amounts in minor units of the bank's default currency within 32 bits,
 * answers in words. Deposit and withdraw carry no id, so they are never sent twice: an {@link UnknownOutcomeError} of
 * theirs cannot be resolved by sending again. Prefer accounts and transfers.
 */
export interface SeedBank {
  /** @returns `Branch initialized successfully`, or `Branch already exists` */
  initializeBranch(
    params: { readonly branchId: number; readonly initialBalance: number },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * The first deposit opens the customer's account, in branch `customerId` mod 10.
   *
   * @returns `Deposit successful`
   */
  deposit(
    params: { readonly customerId: number; readonly amount: number },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * @returns `Withdrawal successful`, or `Insufficient funds`
   * @throws {@link CustomerNotFoundError} for a customer who never deposited
   */
  withdraw(
    params: { readonly customerId: number; readonly amount: number },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * @returns the balance in minor units
   * @throws {@link CustomerNotFoundError} for a customer who never deposited
   */
  query(params: { readonly customerId: number }, options?: CallOptions): Promise<number>;
}
