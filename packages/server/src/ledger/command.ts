import type { AccountRef } from '@giro/sdk/protocol';

/** A write, parsed and well formed: what is left to decide depends on state alone. */
export type Command = InitializeBranch | OpenAccount | Deposit | Withdraw | Transfer | SeedDeposit;

interface Write {
  /** UUID in lower case: one id, one outcome, for ever (R5). */
  readonly id: string;
}

interface Move extends Write {
  /** Minor units, 1 .. 2^63-1. */
  readonly amount: bigint;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
}

export interface InitializeBranch extends Write {
  readonly kind: 'initializeBranch';
  readonly branch: number;
  /** Cash in the vault, minor units, 0 or more. */
  readonly amount: bigint;
  readonly currency: string;
}

export interface OpenAccount extends Write {
  readonly kind: 'openAccount';
  readonly branch: number;
  readonly customer: string;
  readonly currency: string;
}

export interface Deposit extends Move {
  readonly kind: 'deposit';
  readonly to: AccountRef;
}

export interface Withdraw extends Move {
  readonly kind: 'withdraw';
  readonly from: AccountRef;
}

export interface Transfer extends Move {
  readonly kind: 'transfer';
  readonly from: AccountRef;
  readonly to: AccountRef;
}

/** A deposit through the seed's interface: the customer's first one opens the account in the same write. */
export interface SeedDeposit extends Move {
  readonly kind: 'seedDeposit';
  /** 0 or more. */
  readonly customer: number;
}
