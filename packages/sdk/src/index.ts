/**
 * The client of the Giro bank.
 *
 * @packageDocumentation
 */
export { Bank } from './client/bank.js';
export type { Account, AccountKind, OpenedAccount, StatementLine } from './client/account.js';
export type { Accounts, ListAccountsParams, OpenAccountParams, StatementParams } from './client/accounts.js';
export type { BatchCommand, BatchResult } from './client/batch.js';
export type { Branch, TrialBalance, TrialBalanceLine } from './client/branch.js';
export type { Branches, InitializeBranchParams } from './client/branches.js';
export type {
  AccountOpenedEntry,
  BranchOpenedEntry,
  Entry,
  EntryHead,
  PostingEntry,
  RefusalEntry,
  UnknownEntry,
} from './client/entry.js';
export type { Journal, ListEntriesParams } from './client/journal.js';
export type { Listing, Page, PageParams } from './client/listing.js';
export type { DepositParams, TransferParams, WithdrawParams } from './client/moves.js';
export type { BankOptions, CallOptions } from './client/options.js';
export type { JournalPosition, Receipt } from './client/receipt.js';
export type { SeedBank } from './client/seed-bank.js';
export type { Transfer } from './client/transfer.js';
export type { GetTransferParams, Transfers } from './client/transfers.js';
export { money, toDecimal, type Money } from './money/money.js';
export { isCurrency } from './money/currency.js';
export { newWriteId } from './ids/write-id.js';
export { formatAccountId, parseAccountId, type AccountRef } from './ids/account-id.js';
export { internalAccountId, type InternalAccount, type InternalKind } from './ids/internal-account.js';
export {
  catalogue,
  type CatalogueEntry,
  type Reason,
  type ReasonMetadata,
  type StatusName,
} from './catalogue/catalogue.js';
export { BankError, type BankErrorInit } from './errors/bank-error.js';
export {
  CancelledError,
  ClientClosedError,
  DeadlineExceededError,
  InvalidArgumentError,
  OverloadedError,
  UnavailableError,
  UnknownOutcomeError,
} from './errors/failures.js';
export {
  AccountNotFoundError,
  BranchExistsError,
  BranchNotFoundError,
  CurrencyMismatchError,
  CustomerNotFoundError,
  IdReusedError,
  InsufficientCashError,
  InsufficientFundsError,
  RefusalError,
  TransferNotFoundError,
  type RefusalInit,
} from './errors/refusals.js';
