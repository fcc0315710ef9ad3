import type { Money } from '../money/money.js';
import { moneyOf, RefusalError } from './refusal-error.js';

/** The id belongs to an earlier write with another body. */
export class IdReusedError extends RefusalError {
  static override readonly brand: string = 'IdReusedError';
  /** The first field that differs from the earlier body. */
  readonly field: string = this.metadata['field'] ?? '';
}

/** A precondition of the write did not hold when it was decided. */
export class PreconditionFailedError extends RefusalError {
  static override readonly brand: string = 'PreconditionFailedError';
  readonly account: string = this.metadata['account'] ?? '';
  /** `balance_at_least`, `balance_at_most` or `position`. */
  readonly condition: string = this.metadata['condition'] ?? '';
  /** What the write asked for, as decimal digits. */
  readonly expected: string = this.metadata['expected'] ?? '';
  /** What was so, as decimal digits. */
  readonly actual: string = this.metadata['actual'] ?? '';
}

/** The id was abandoned before its write arrived; the write can never be applied. */
export class AbandonedError extends RefusalError {
  static override readonly brand: string = 'AbandonedError';
}

/** The debit would take more than is available. */
export class InsufficientFundsError extends RefusalError {
  static override readonly brand: string = 'InsufficientFundsError';
  /** The account to be debited. */
  readonly account: string = this.metadata['account'] ?? '';
  /** What was available when the write was decided. */
  readonly available: Money = moneyOf(this, 'available');
}

/** The branch's vault holds less cash than is to be paid out. */
export class InsufficientCashError extends RefusalError {
  static override readonly brand: string = 'InsufficientCashError';
  readonly branch: number = Number(this.metadata['branch']);
  /** What the vault held when the write was decided. */
  readonly available: Money = moneyOf(this, 'available');
}

/** The amount is in another currency than the account. */
export class CurrencyMismatchError extends RefusalError {
  static override readonly brand: string = 'CurrencyMismatchError';
  readonly account: string = this.metadata['account'] ?? '';
  /** The account's currency. */
  readonly currency: string = this.metadata['currency'] ?? '';
}

/** The branch has not been initialized. */
export class BranchNotFoundError extends RefusalError {
  static override readonly brand: string = 'BranchNotFoundError';
  readonly branch: number = Number(this.metadata['branch']);
}

/** The branch was initialized before, by another write. */
export class BranchExistsError extends RefusalError {
  static override readonly brand: string = 'BranchExistsError';
  readonly branch: number = Number(this.metadata['branch']);
}

/** The branch was closed for good. */
export class BranchClosedError extends RefusalError {
  static override readonly brand: string = 'BranchClosedError';
  readonly branch: number = Number(this.metadata['branch']);
}

/** The branch cannot be closed yet. */
export class BranchNotEmptyError extends RefusalError {
  static override readonly brand: string = 'BranchNotEmptyError';
  readonly branch: number = Number(this.metadata['branch']);
  /** What is to be done first, for people. */
  readonly problem: string = this.metadata['problem'] ?? '';
}

/** The branch keeps no such account. */
export class AccountNotFoundError extends RefusalError {
  static override readonly brand: string = 'AccountNotFoundError';
  readonly account: string = this.metadata['account'] ?? '';
}

/** The account is frozen: it takes no new debits or holds. */
export class AccountFrozenError extends RefusalError {
  static override readonly brand: string = 'AccountFrozenError';
  readonly account: string = this.metadata['account'] ?? '';
}

/** The account was closed for good: it takes no debits and no credits. */
export class AccountClosedError extends RefusalError {
  static override readonly brand: string = 'AccountClosedError';
  readonly account: string = this.metadata['account'] ?? '';
}

/** The account cannot be closed yet: its balance is not zero. */
export class AccountNotEmptyError extends RefusalError {
  static override readonly brand: string = 'AccountNotEmptyError';
  readonly account: string = this.metadata['account'] ?? '';
  readonly balance: Money = moneyOf(this, 'balance');
}

/** The account cannot be closed yet: money in it is held for transfers to come. */
export class AccountHasHoldsError extends RefusalError {
  static override readonly brand: string = 'AccountHasHoldsError';
  readonly account: string = this.metadata['account'] ?? '';
  readonly held: Money = moneyOf(this, 'held');
}

/** The customer of the seed interface has no account yet. */
export class CustomerNotFoundError extends RefusalError {
  static override readonly brand: string = 'CustomerNotFoundError';
  readonly customer: string = this.metadata['customer'] ?? '';
}

/** The branch knows no applied transfer of this id. */
export class TransferNotFoundError extends RefusalError {
  static override readonly brand: string = 'TransferNotFoundError';
}

/** The branch knows no applied group of this id. */
export class GroupNotFoundError extends RefusalError {
  static override readonly brand: string = 'GroupNotFoundError';
}
