/**
 * The client of the Giro bank.
 *
 * @packageDocumentation
 */
export { Bank } from './client/bank.js';
export type { AbandonParams, AbandonResult } from './client/abandon.js';
export type { Account, AccountKind, AccountState, OpenedAccount } from './client/account.js';
export type {
  Accounts,
  BalancesParams,
  ChangeAccountParams,
  ListAccountsParams,
  OpenAccountParams,
  SetMetadataParams,
  SetOverdraftLimitParams,
} from './client/accounts.js';
export type { Balance } from './client/balance.js';
export type { BatchResult } from './client/batch.js';
export type {
  BankTrialBalance,
  Branch,
  InterbranchPosition,
  TrialBalance,
  TrialBalanceLine,
} from './client/branch.js';
export type {
  Branches,
  CashParams,
  CloseBranchParams,
  InitializeBranchParams,
  ListInterbranchPositionsParams,
} from './client/branches.js';
export type { BatchCommand, ExecuteGroupParams, GroupMember } from './client/command.js';
export type {
  AccountMetadataChangedEntry,
  AccountOpenedEntry,
  AccountStateChangedEntry,
  BranchClosedEntry,
  BranchOpenedEntry,
  Entry,
  EntryHead,
  GroupOpenedEntry,
  HoldExpiredEntry,
  HoldPlacedEntry,
  HoldReleasedEntry,
  OverdraftLimitChangedEntry,
  PostingEntry,
  RefusalEntry,
  UnknownEntry,
} from './client/entry.js';
export type { Group } from './client/group.js';
export type { GetGroupParams, Groups, ReverseGroupParams } from './client/groups.js';
export { bankOptionsFromEnv, type Environment } from './client/from-env.js';
export type { Health, ServerHealth } from './client/health.js';
export type { Hold, HoldState, PlacedHold } from './client/hold.js';
export type {
  CaptureHoldParams,
  GetHoldParams,
  HoldRef,
  Holds,
  ListHoldsParams,
  PlaceHoldParams,
  ReleaseHoldParams,
} from './client/holds.js';
export type { InclusionProof, ProofNotes } from './client/inclusion-proof.js';
export type { Interceptor, OutgoingAttempt, OutgoingCall, Retry } from './client/interceptor.js';
export type { InclusionProofParams, Journal, ListEntriesParams } from './client/journal.js';
export type { Listing, Page, PageParams } from './client/listing.js';
export { logCalls, type Logger } from './client/log-calls.js';
export type { Moment } from './client/moment.js';
export type {
  DepositParams,
  OperatorTransferParams,
  TransferParams,
  WithdrawParams,
} from './client/moves.js';
export type { BankOptions, CallOptions } from './client/options.js';
export type { GroupReceipt, JournalHead, JournalPosition, MoneyReceipt, Receipt } from './client/receipt.js';
export type { SeedBank } from './client/seed-bank.js';
export type { StatementLine, StatementPage, StatementParams } from './client/statement.js';
export type { TlsOptions } from './client/tls.js';
export type { TokenOption } from './client/token.js';
export type { Transfer, TransferKind } from './client/transfer.js';
export type { FoundTransfers, ReverseTransferParams, TransferRef, Transfers } from './client/transfers.js';
export type { VerifyParams, VerifyProblem, VerifyProgress, VerifyResult } from './client/verify.js';
export type { WatchOptions, WatchParams } from './client/watch.js';
export type { Metadata, Precondition, WriteParams } from './client/write-params.js';
export { InvalidProofError, verifyInclusion } from './proof/proof.js';
export { addMoney, compareMoney, splitMoney, subtractMoney } from './money/arithmetic.js';
export { formatMoney } from './money/format-money.js';
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
export { BankError, type BankErrorInit, type FailedAttempt } from './errors/bank-error.js';
export {
  CancelledError,
  ClientClosedError,
  DeadlineExceededError,
  InvalidArgumentError,
  OverloadedError,
  UnauthenticatedError,
  UnavailableError,
  UnknownOutcomeError,
  type Resend,
  type UnknownOutcomeInit,
} from './errors/failures.js';
export { GroupFailedError, type GroupFailedInit } from './errors/group-failed-error.js';
export {
  CaptureExceedsHoldError,
  HoldCapturedError,
  HoldExpiredError,
  HoldNotFoundError,
  HoldReleasedError,
} from './errors/hold-refusals.js';
export { JournalDivergedError, PositionNotFoundError } from './errors/journal-refusals.js';
export { RefusalError, type RefusalInit } from './errors/refusal-error.js';
export {
  AbandonedError,
  AccountClosedError,
  AccountFrozenError,
  AccountHasHoldsError,
  AccountNotEmptyError,
  AccountNotFoundError,
  BranchClosedError,
  BranchExistsError,
  BranchNotEmptyError,
  BranchNotFoundError,
  CurrencyMismatchError,
  CustomerNotFoundError,
  GroupNotFoundError,
  IdReusedError,
  InsufficientCashError,
  InsufficientFundsError,
  PreconditionFailedError,
  TransferNotFoundError,
} from './errors/refusals.js';
export {
  AlreadyReversedError,
  NotReversibleError,
  OriginalNotFoundError,
} from './errors/reversal-refusals.js';
export {
  AMOUNT_MAX,
  BATCH_COMMANDS_MAX,
  BRANCH_ID_MAX,
  CUSTOMER_ID_LENGTH_MAX,
  DESCRIPTION_LENGTH_MAX,
  GROUP_MEMBERS_MAX,
  HOLD_EXPIRES_IN_MS_MAX,
  LOOKUP_ITEMS_MAX,
  METADATA_KEY_LENGTH_MAX,
  METADATA_PAIRS_MAX,
  METADATA_VALUE_LENGTH_MAX,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  PRECONDITIONS_MAX,
} from './limits.js';
