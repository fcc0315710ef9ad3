import { abandon, type AbandonParams, type AbandonResult } from './abandon.js';
import { accountsOf, type Accounts } from './accounts.js';
import { checkFields } from './arguments.js';
import { checkBankOptions } from './bank-options.js';
import { runBatch, type BatchResult } from './batch.js';
import { branchesOf, type Branches } from './branches.js';
import { Caller } from './caller.js';
import type { BatchCommand } from './command.js';
import { bankOptionsFromEnv, type Environment } from './from-env.js';
import { groupsOf, type Groups } from './groups.js';
import { healthOf, type Health } from './health.js';
import { holdsOf, type Holds } from './holds.js';
import { journalOf, type Journal } from './journal.js';
import {
  movesOf,
  type DepositParams,
  type Moves,
  type OperatorTransferParams,
  type TransferParams,
  type WithdrawParams,
} from './moves.js';
import type { BankOptions, CallOptions } from './options.js';
import type { MoneyReceipt } from './receipt.js';
import { seedBankOf, type SeedBank } from './seed-bank.js';
import { transfersOf, type Transfers } from './transfers.js';

/**
 * A client of the bank. It connects when first used, and one is enough for a process: share it, and close it at the end.
 *
 * Every method checks its arguments before it sends anything ({@link InvalidArgumentError}), throws a typed
 * {@link RefusalError} if the bank says no, and ends within its deadline. A read that fails for another reason throws
 * {@link UnavailableError}, {@link OverloadedError}, {@link DeadlineExceededError} or {@link CancelledError}; a write
 * throws these only if it was surely not applied, else {@link UnknownOutcomeError}.
 *
 * @example
 * await using bank = new Bank({ servers: 'localhost:5001' });
 */
export class Bank implements AsyncDisposable {
  /** Opens and closes branches, moves their cash, and proves that their books balance. */
  readonly branches: Branches;
  /** Opens, changes and reads accounts: balances, statements. */
  readonly accounts: Accounts;
  /** Looks applied transfers up, and reverses them. */
  readonly transfers: Transfers;
  /** Transfers in two steps: an amount is reserved, then captured, released, or expired. */
  readonly holds: Holds;
  /** Writes that happen together or not at all. */
  readonly groups: Groups;
  /** Reads, watches and verifies the journals of branches. */
  readonly journal: Journal;
  /** The seed's interface, for what was written against it. */
  readonly seed: SeedBank;
  readonly #caller: Caller;
  readonly #moves: Moves;

  /**
   * @param options - how to reach the bank; or its servers alone, such as `grpcs://bank.example:5001`
   * @throws {@link InvalidArgumentError} that names the option, or both of two that contradict each other
   */
  constructor(options: BankOptions | string | URL) {
    this.#caller = new Caller(checkBankOptions(options));
    this.branches = branchesOf(this.#caller);
    this.accounts = accountsOf(this.#caller);
    this.transfers = transfersOf(this.#caller);
    this.holds = holdsOf(this.#caller);
    this.groups = groupsOf(this.#caller);
    this.journal = journalOf(this.#caller);
    this.seed = seedBankOf(this.#caller);
    this.#moves = movesOf(this.#caller);
  }

  /**
   * A client by environment variables: `GIRO_SERVERS`, `GIRO_TLS` (`true` or `false`), `GIRO_TLS_CA_FILE`,
   * `GIRO_TLS_CERT_FILE`, `GIRO_TLS_KEY_FILE`, `GIRO_TLS_SERVER_NAME`, `GIRO_TOKEN` or `GIRO_TOKEN_FILE` (which is read
   * again every ten seconds), `GIRO_ALLOW_TOKEN_OVER_PLAINTEXT`, `GIRO_TIMEOUT_MS`; each means the option of that name. An
   * empty variable counts as unset.
   *
   * @param options - win over the variables
   * @param env - where the variables are; by default `process.env`
   * @throws {@link InvalidArgumentError} that names the variable or option
   */
  static fromEnv(options: Partial<BankOptions> = {}, env: Environment = process.env): Bank {
    const given = Object.entries(checkFields(options, 'options')).filter(([, value]) => value !== undefined);
    return new Bank({ ...bankOptionsFromEnv(env, options), ...Object.fromEntries(given) });
  }

  /**
   * Cash into a customer's account: vault to customer.
   *
   * @throws {@link AccountNotFoundError}, {@link AccountClosedError}, {@link CurrencyMismatchError}, {@link IdReusedError}
   */
  deposit(params: DepositParams, options?: CallOptions): Promise<MoneyReceipt> {
    return this.#moves.deposit(params, options);
  }

  /**
   * Cash out of a customer's account: customer to vault.
   *
   * @throws {@link InsufficientFundsError}, {@link InsufficientCashError}, {@link AccountNotFoundError},
   *   {@link AccountFrozenError}, {@link AccountClosedError}, {@link CurrencyMismatchError}, {@link IdReusedError}
   */
  withdraw(params: WithdrawParams, options?: CallOptions): Promise<MoneyReceipt> {
    return this.#moves.withdraw(params, options);
  }

  /**
   * From a customer's account to another, in the same branch or between two.
   *
   * @throws {@link InsufficientFundsError}, {@link AccountNotFoundError}, {@link AccountFrozenError},
   *   {@link AccountClosedError}, {@link CurrencyMismatchError}, {@link IdReusedError}
   */
  transfer(params: TransferParams, options?: CallOptions): Promise<MoneyReceipt> {
    return this.#moves.transfer(params, options);
  }

  /**
   * Like {@link transfer}, for the bank's operators: one account or both may be an exchange, income or expense account of
   * the bank. {@link internalAccountId} computes their ids.
   *
   * @throws {@link InsufficientFundsError}, {@link AccountNotFoundError}, {@link AccountFrozenError},
   *   {@link AccountClosedError}, {@link CurrencyMismatchError}, {@link IdReusedError}
   */
  operatorTransfer(params: OperatorTransferParams, options?: CallOptions): Promise<MoneyReceipt> {
    return this.#moves.operatorTransfer(params, options);
  }

  /**
   * Many writes in few requests. Each has its own result, in the order of the commands; a refusal of one does not stop
   * the others: for writes that belong together, put a group among the commands, or use {@link Groups.execute}. Commands
   * that debit (or, for deposits, credit) the same branch apply in the order given; between branches there is no order. The
   * deadline is that of each request, of at most 8,192 commands.
   *
   * @throws {@link InvalidArgumentError} if any command is malformed, in which case none is sent
   */
  async batch(commands: readonly BatchCommand[], options?: CallOptions): Promise<BatchResult[]> {
    return runBatch(this.#caller, commands, options);
  }

  /**
   * Uses an id up, so that a write whose outcome is unknown cannot be applied any more; or tells what became of it. Unlike
   * a look-up, the answer is definite: a request that is still on its way finds the id used.
   */
  abandon(params: AbandonParams, options?: CallOptions): Promise<AbandonResult> {
    return abandon(this.#caller, params, options);
  }

  /**
   * Resolves as soon as one of the servers is connected, within the deadline of a read.
   *
   * @throws {@link UnavailableError} that says why there is no connection; {@link CancelledError}
   */
  ready(options?: CallOptions): Promise<void> {
    return this.#caller.ready(options);
  }

  /**
   * Asks every server how it is, once, within the deadline of a read. A server that does not answer is no error.
   *
   * @throws {@link UnavailableError} if the servers' names cannot be looked up; {@link CancelledError}
   */
  health(options?: CallOptions): Promise<Health> {
    return healthOf(this.#caller, options);
  }

  /**
   * Ends watches and verifications, waits for the other calls in flight, each of which ends within its deadline, then
   * drops the connections. Calls made from now on throw {@link ClientClosedError}. Closing twice is closing once.
   */
  close(): Promise<void> {
    return this.#caller.close();
  }

  /** {@link close}, by `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
