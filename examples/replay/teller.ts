/** What came of one call: the status that REST has for it, and the answer if there is one. */
export interface Answer {
  readonly status: number;
  readonly answer?: string | number;
}

/** Somebody to take the calls to the bank, by whichever way. */
export interface Teller {
  initializeBranch(branchId: number, initialBalance: number): Promise<Answer>;
  deposit(customerId: number, amount: number): Promise<Answer>;
  withdraw(customerId: number, amount: number): Promise<Answer>;
  query(customerId: number): Promise<Answer>;
  trialBalance(branchId: number): Promise<readonly Totals[]>;
}

/** Lifetime totals of a branch in one currency. */
export interface Totals {
  readonly currency: string;
  readonly debits: bigint;
  readonly credits: bigint;
}
