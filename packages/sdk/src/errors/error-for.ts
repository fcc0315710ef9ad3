import type { Reason } from '../catalogue/catalogue.js';
import { BankError } from './bank-error.js';
import * as failures from './failures.js';
import { GroupFailedError } from './group-failed-error.js';
import * as holds from './hold-refusals.js';
import * as journal from './journal-refusals.js';
import { RefusalError, type RefusalInit } from './refusal-error.js';
import * as refusals from './refusals.js';
import * as reversals from './reversal-refusals.js';

/**
 * The typed error for a reason. A reason without a class of its own gets {@link RefusalError} if it is a definite no
 * to a write, else {@link BankError}.
 */
export function errorFor(init: RefusalInit): BankError {
  const ErrorClass = classes[init.reason];
  return new ErrorClass(init);
}

type ErrorClass = new (init: RefusalInit) => BankError;

const classes: Record<Reason, ErrorClass> = {
  INVALID_FIELD: failures.InvalidArgumentError,
  ID_REUSED: refusals.IdReusedError,
  BRANCH_NOT_FOUND: refusals.BranchNotFoundError,
  BRANCH_EXISTS: refusals.BranchExistsError,
  BRANCH_FULL: RefusalError,
  ACCOUNT_NOT_FOUND: refusals.AccountNotFoundError,
  CUSTOMER_NOT_FOUND: refusals.CustomerNotFoundError,
  TRANSFER_NOT_FOUND: refusals.TransferNotFoundError,
  INSUFFICIENT_FUNDS: refusals.InsufficientFundsError,
  INSUFFICIENT_CASH: refusals.InsufficientCashError,
  CURRENCY_MISMATCH: refusals.CurrencyMismatchError,
  BALANCE_OVERFLOW: RefusalError,
  BALANCE_OUT_OF_RANGE: RefusalError,
  BRANCH_CLOSED: refusals.BranchClosedError,
  BRANCH_NOT_EMPTY: refusals.BranchNotEmptyError,
  ACCOUNT_FROZEN: refusals.AccountFrozenError,
  ACCOUNT_CLOSED: refusals.AccountClosedError,
  ACCOUNT_NOT_EMPTY: refusals.AccountNotEmptyError,
  ACCOUNT_HAS_HOLDS: refusals.AccountHasHoldsError,
  GROUP_NOT_FOUND: refusals.GroupNotFoundError,
  HOLD_NOT_FOUND: holds.HoldNotFoundError,
  HOLD_CAPTURED: holds.HoldCapturedError,
  HOLD_RELEASED: holds.HoldReleasedError,
  HOLD_EXPIRED: holds.HoldExpiredError,
  CAPTURE_EXCEEDS_HOLD: holds.CaptureExceedsHoldError,
  ORIGINAL_NOT_FOUND: reversals.OriginalNotFoundError,
  ALREADY_REVERSED: reversals.AlreadyReversedError,
  NOT_REVERSIBLE: reversals.NotReversibleError,
  PRECONDITION_FAILED: refusals.PreconditionFailedError,
  GROUP_FAILED: GroupFailedError,
  ABANDONED: refusals.AbandonedError,
  POSITION_NOT_FOUND: journal.PositionNotFoundError,
  JOURNAL_DIVERGED: journal.JournalDivergedError,
  SLOW_READER: BankError,
  REFUSED: RefusalError,
  PAYLOAD_TOO_LARGE: BankError,
  NOT_FOUND: BankError,
  UNAUTHENTICATED: failures.UnauthenticatedError,
  OVERLOADED: failures.OverloadedError,
  UNAVAILABLE: failures.UnavailableError,
  OUTCOME_UNKNOWN: failures.UnknownOutcomeError,
  DEADLINE_EXCEEDED: failures.DeadlineExceededError,
  CANCELLED: failures.CancelledError,
  CLIENT_CLOSED: failures.ClientClosedError,
  INTERNAL: BankError,
};
