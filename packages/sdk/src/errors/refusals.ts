import { catalogue } from '../catalogue/catalogue.js';
import { BankError, type BankErrorInit } from './bank-error.js';
import type { Money } from '../money/money.js';

/** A refusal has the id of the write, and tells whether it repeats an earlier answer. */
export interface RefusalInit extends BankErrorInit {
  /** Empty for a read. */
  readonly id?: string | undefined;
  readonly replayed?: boolean | undefined;
}

/** A definite no: nothing was applied, and a frozen refusal is the answer to its id for ever. */
export class RefusalError extends BankError {
  static override readonly brand: string = 'RefusalError';

  /** The id of the refused write; empty for a read. */
  readonly id: string;
  /** True if the id was refused before and this repeats that answer. */
  readonly replayed: boolean;
  /** True if the id is used up: to try again, use a new one. */
  readonly frozen: boolean;

  constructor(init: RefusalInit) {
    super(init);
    this.id = init.id ?? '';
    this.replayed = init.replayed ?? false;
    this.frozen = catalogue[this.reason].frozen;
  }
}

/** The debit would take more than is available. */
export class InsufficientFundsError extends RefusalError {
  static override readonly brand: string = 'InsufficientFundsError';
  /** The account to be debited. */
  readonly account: string = this.metadata['account'] ?? '';
  /** What was available when the write was decided. */
  readonly available: Money = availableOf(this);
}

/** The branch's vault holds less cash than is to be paid out. */
export class InsufficientCashError extends RefusalError {
  static override readonly brand: string = 'InsufficientCashError';
  readonly branch: number = Number(this.metadata['branch']);
  /** What the vault held when the write was decided. */
  readonly available: Money = availableOf(this);
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

/** The branch keeps no such account. */
export class AccountNotFoundError extends RefusalError {
  static override readonly brand: string = 'AccountNotFoundError';
  readonly account: string = this.metadata['account'] ?? '';
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

/** The amount is in another currency than the account. */
export class CurrencyMismatchError extends RefusalError {
  static override readonly brand: string = 'CurrencyMismatchError';
  readonly account: string = this.metadata['account'] ?? '';
  /** The account's currency. */
  readonly currency: string = this.metadata['currency'] ?? '';
}

/** The id belongs to an earlier write with another body. */
export class IdReusedError extends RefusalError {
  static override readonly brand: string = 'IdReusedError';
  /** The first field that differs from the earlier body. */
  readonly field: string = this.metadata['field'] ?? '';
}

function availableOf({ metadata }: RefusalError): Money {
  const available = metadata['available'] ?? '';
  // A damaged answer must not hide the refusal behind a SyntaxError.
  const amount = /^-?\d+$/.test(available) ? BigInt(available) : 0n;
  return { amount, currency: metadata['currency'] ?? '' };
}
