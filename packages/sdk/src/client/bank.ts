import type { Accounts } from './accounts.js';
import type { BatchCommand, BatchResult } from './batch.js';
import type { Branches } from './branches.js';
import type { Journal } from './journal.js';
import type { BankOptions, CallOptions } from './options.js';
import type { Receipt } from './receipt.js';
import type { SeedBank } from './seed-bank.js';
import type { DepositParams, Transfers, TransferParams, WithdrawParams } from './transfers.js';

/** A client of the bank. One is enough for a process: it is safe to share, and to be closed once at the end. */
export declare class Bank implements AsyncDisposable {
  constructor(options: BankOptions);
  readonly branches: Branches;
  readonly accounts: Accounts;
  readonly transfers: Transfers;
  readonly journal: Journal;
  readonly seed: SeedBank;
  /** Cash into a customer's account: vault to customer. */
  deposit(params: DepositParams, options?: CallOptions): Promise<Receipt>;
  /** Cash out of a customer's account: customer to vault. */
  withdraw(params: WithdrawParams, options?: CallOptions): Promise<Receipt>;
  /** From a customer's account to another, in the same branch or between two. */
  transfer(params: TransferParams, options?: CallOptions): Promise<Receipt>;
  /** Many writes at once, each with its own result, in the order of the commands. */
  batch(commands: readonly BatchCommand[], options?: CallOptions): Promise<BatchResult[]>;
  /** Resolves as soon as one of the servers is reached. */
  ready(options?: CallOptions): Promise<void>;
  /** Waits for the calls in flight, then lets go of every connection. Later calls throw {@link ClientClosedError}. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
