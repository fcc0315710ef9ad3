import type { Reason } from '../catalogue/catalogue.js';
import { BankError } from './bank-error.js';
import * as failures from './failures.js';
import * as refusals from './refusals.js';

/**
 * The typed error for a reason. A reason without a class of its own gets {@link RefusalError} if it is a definite no
 * to a write, else {@link BankError}.
 */
export function errorFor(init: refusals.RefusalInit): BankError {
  const ErrorClass = classes[init.reason];
  return new ErrorClass(init);
}

type ErrorClass = new (init: refusals.RefusalInit) => BankError;

const classes: Record<Reason, ErrorClass> = {
  INVALID_FIELD: failures.InvalidArgumentError,
  ID_REUSED: refusals.IdReusedError,
  BRANCH_NOT_FOUND: refusals.BranchNotFoundError,
  BRANCH_EXISTS: refusals.BranchExistsError,
  BRANCH_FULL: refusals.RefusalError,
  ACCOUNT_NOT_FOUND: refusals.AccountNotFoundError,
  CUSTOMER_NOT_FOUND: refusals.CustomerNotFoundError,
  TRANSFER_NOT_FOUND: refusals.TransferNotFoundError,
  INSUFFICIENT_FUNDS: refusals.InsufficientFundsError,
  INSUFFICIENT_CASH: refusals.InsufficientCashError,
  CURRENCY_MISMATCH: refusals.CurrencyMismatchError,
  BALANCE_OVERFLOW: refusals.RefusalError,
  BALANCE_OUT_OF_RANGE: refusals.RefusalError,
  BRANCH_CLOSED: refusals.RefusalError,
  BRANCH_NOT_EMPTY: refusals.RefusalError,
  ACCOUNT_FROZEN: refusals.RefusalError,
  ACCOUNT_CLOSED: refusals.RefusalError,
  ACCOUNT_NOT_EMPTY: refusals.RefusalError,
  ACCOUNT_HAS_HOLDS: refusals.RefusalError,
  GROUP_NOT_FOUND: refusals.RefusalError,
  HOLD_NOT_FOUND: refusals.RefusalError,
  HOLD_CAPTURED: refusals.RefusalError,
  HOLD_RELEASED: refusals.RefusalError,
  HOLD_EXPIRED: refusals.RefusalError,
  CAPTURE_EXCEEDS_HOLD: refusals.RefusalError,
  ORIGINAL_NOT_FOUND: refusals.RefusalError,
  ALREADY_REVERSED: refusals.RefusalError,
  NOT_REVERSIBLE: refusals.RefusalError,
  PRECONDITION_FAILED: refusals.RefusalError,
  GROUP_FAILED: refusals.RefusalError,
  ABANDONED: refusals.RefusalError,
  POSITION_NOT_FOUND: refusals.RefusalError,
  JOURNAL_DIVERGED: refusals.RefusalError,
  SLOW_READER: refusals.RefusalError,
  REFUSED: refusals.RefusalError,
  PAYLOAD_TOO_LARGE: BankError,
  NOT_FOUND: BankError,
  OVERLOADED: failures.OverloadedError,
  UNAVAILABLE: failures.UnavailableError,
  OUTCOME_UNKNOWN: failures.UnknownOutcomeError,
  DEADLINE_EXCEEDED: failures.DeadlineExceededError,
  CANCELLED: failures.CancelledError,
  CLIENT_CLOSED: failures.ClientClosedError,
  INTERNAL: BankError,
};
