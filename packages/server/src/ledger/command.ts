import type { AccountRef } from '@giro/sdk/protocol';
import type { Notes } from './notes.js';

/** A write, parsed and well formed: what is left to decide depends on state alone. */
export type Command =
  | InitializeBranch
  | AddCash
  | RemoveCash
  | CloseBranch
  | OpenAccount
  | ChangeAccountState
  | SetOverdraftLimit
  | SetAccountMetadata
  | Member
  | ReverseTransfer
  | Group
  | ReverseGroup
  | SeedDeposit
  | Abandon
  | ExpireHolds;

/** What can be a member of a group. */
export type Member = Deposit | Withdraw | Transfer | OperatorTransfer | PlaceHold | CaptureHold | ReleaseHold;

/** What every write has. */
export interface Write {
  /** UUID in lower case: one id, one outcome, for ever (R5). */
  readonly id: string;
  /** What people and programs want to remember of it. */
  readonly notes?: Notes | undefined;
  /** What must be so for it to be applied. */
  readonly preconditions?: readonly Precondition[] | undefined;
  /** Who asks for it; undefined if calls are not authenticated. */
  readonly actor?: string | undefined;
}

/** What must be so of an account when the write is decided. */
export interface Precondition {
  /** Of a branch that the write touches. */
  readonly account: AccountRef;
  /** Minor units, by the account's normal side. */
  readonly balanceAtLeast?: bigint | undefined;
  readonly balanceAtMost?: bigint | undefined;
  /** Position of the last entry that changed the account. */
  readonly position?: number | undefined;
}

interface Amount {
  /** Minor units, 1 .. 2^63-1. */
  readonly amount: bigint;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
}

/** Opens a branch's books. */
export interface InitializeBranch extends Write, Amount {
  readonly kind: 'initializeBranch';
  readonly branch: number;
  /** Cash in the vault, minor units, 0 or more. */
  readonly amount: bigint;
}

/** Cash brought into a vault: capital to vault. */
export interface AddCash extends Write, Amount {
  readonly kind: 'addCash';
  readonly branch: number;
}

/** Cash taken out of a vault: vault to capital. */
export interface RemoveCash extends Write, Amount {
  readonly kind: 'removeCash';
  readonly branch: number;
}

export interface CloseBranch extends Write {
  readonly kind: 'closeBranch';
  readonly branch: number;
}

export interface OpenAccount extends Write {
  readonly kind: 'openAccount';
  readonly branch: number;
  readonly customer: string;
  readonly currency: string;
}

/** Freezes, unfreezes or closes a customer's account. */
export interface ChangeAccountState extends Write {
  readonly kind: 'freezeAccount' | 'unfreezeAccount' | 'closeAccount';
  readonly account: AccountRef;
}

export interface SetOverdraftLimit extends Write {
  readonly kind: 'setOverdraftLimit';
  readonly account: AccountRef;
  /** Minor units, 0 .. 2^63-1. */
  readonly limit: bigint;
  readonly currency: string;
}

/** Replaces an account's metadata by that of the write's notes. */
export interface SetAccountMetadata extends Write {
  readonly kind: 'setAccountMetadata';
  readonly account: AccountRef;
}

export interface Deposit extends Write, Amount {
  readonly kind: 'deposit';
  readonly to: AccountRef;
}

export interface Withdraw extends Write, Amount {
  readonly kind: 'withdraw';
  readonly from: AccountRef;
}

export interface Transfer extends Write, Amount {
  readonly kind: 'transfer';
  readonly from: AccountRef;
  readonly to: AccountRef;
}

/** A transfer that may also name exchange, income and expense accounts. */
export interface OperatorTransfer extends Write, Amount {
  readonly kind: 'operatorTransfer';
  readonly from: AccountRef;
  readonly to: AccountRef;
}

/** Reserves an amount; the write's id is the hold's. */
export interface PlaceHold extends Write, Amount {
  readonly kind: 'placeHold';
  readonly from: AccountRef;
  readonly to: AccountRef;
  /** From the time of the hold, 1 or more; undefined: it does not expire. */
  readonly expiresInMs?: number | undefined;
}

export interface CaptureHold extends Write {
  readonly kind: 'captureHold';
  /** A branch that the hold touches. */
  readonly branch: number;
  readonly hold: string;
  /** Minor units, 1 or more; undefined: the whole amount. */
  readonly amount?: bigint | undefined;
}

export interface ReleaseHold extends Write {
  readonly kind: 'releaseHold';
  /** A branch that the hold touches. */
  readonly branch: number;
  readonly hold: string;
}

export interface ReverseTransfer extends Write {
  readonly kind: 'reverseTransfer';
  /** A branch that the original touched. */
  readonly branch: number;
  readonly original: string;
}

/** Several writes that apply together or not at all (R6). */
export interface Group extends Write {
  readonly kind: 'group';
  /** 1 or more, their ids all different. */
  readonly members: readonly Member[];
}

export interface ReverseGroup extends Write {
  readonly kind: 'reverseGroup';
  /** A branch that the original touched. */
  readonly branch: number;
  readonly original: string;
}

/** A deposit through the seed's interface: the customer's first one opens the account in the same write. */
export interface SeedDeposit extends Write, Amount {
  readonly kind: 'seedDeposit';
  /** 0 or more. */
  readonly customer: number;
}

/** Uses an id up, or tells what became of it (R13). Its id is the one that is abandoned. */
export interface Abandon extends Write {
  readonly kind: 'abandon';
  /** A branch that the abandoned write touches. */
  readonly branch: number;
}

/** Frees what the branch's expired holds reserve. The ledger's own: nobody outside can send it, and its id is not kept. */
export interface ExpireHolds extends Write {
  readonly kind: 'expireHolds';
  readonly branch: number;
}
