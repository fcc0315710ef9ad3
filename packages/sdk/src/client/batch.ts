import type { BankError } from '../errors/bank-error.js';
import type { Receipt } from './receipt.js';
import type { DepositParams, TransferParams, WithdrawParams } from './transfers.js';

/** One write of a batch. */
export type BatchCommand =
  | { readonly deposit: DepositParams }
  | { readonly withdraw: WithdrawParams }
  | { readonly transfer: TransferParams };

/** What became of one write of a batch. */
export type BatchResult =
  | { readonly ok: true; readonly id: string; readonly receipt: Receipt }
  /** A refusal, or what kept the write's answer away; an {@link UnknownOutcomeError} if it may have been applied. */
  | { readonly ok: false; readonly id: string; readonly error: BankError };
