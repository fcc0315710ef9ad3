/**
 * The client of the Giro bank.
 *
 * @packageDocumentation
 */
export { Bank } from './client/bank.js';
export type * from './client/account.js';
export type * from './client/accounts.js';
export type * from './client/batch.js';
export type * from './client/branch.js';
export type * from './client/branches.js';
export type * from './client/entry.js';
export type * from './client/journal.js';
export type * from './client/listing.js';
export type * from './client/options.js';
export type * from './client/receipt.js';
export type * from './client/seed-bank.js';
export type * from './client/transfer.js';
export type * from './client/transfers.js';
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
