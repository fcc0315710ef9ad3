import { catalogue } from '../catalogue/catalogue.js';
import type { Money } from '../money/money.js';
import { BankError, type BankErrorInit } from './bank-error.js';

/** A refusal has the id of the write, and tells whether it repeats an earlier answer. */
export interface RefusalInit extends BankErrorInit {
  /** Empty for a read. */
  readonly id?: string | undefined;
  readonly replayed?: boolean | undefined;
  /** By default what the catalogue says of the reason. */
  readonly frozen?: boolean | undefined;
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
    this.frozen = init.frozen ?? catalogue[this.reason].frozen;
  }
}

/** An amount among a refusal's details, in minor units of the currency beside it. */
export function moneyOf({ metadata }: RefusalError, key: string): Money {
  return { amount: bigintOf(metadata[key]), currency: metadata['currency'] ?? '' };
}

/** A damaged answer must not hide the refusal behind a SyntaxError, so what is no number counts as zero. */
export function bigintOf(digits = ''): bigint {
  return /^-?\d+$/.test(digits) ? BigInt(digits) : 0n;
}
