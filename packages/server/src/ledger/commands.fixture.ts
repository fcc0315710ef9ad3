import { newWriteId, type AccountRef } from '@giro/sdk/protocol';
import type {
  Abandon,
  AddCash,
  CaptureHold,
  ChangeAccountState,
  CloseBranch,
  Deposit,
  ExpireHolds,
  Group,
  InitializeBranch,
  Member,
  OpenAccount,
  OperatorTransfer,
  PlaceHold,
  ReleaseHold,
  RemoveCash,
  ReverseGroup,
  ReverseTransfer,
  SeedDeposit,
  SetAccountMetadata,
  SetOverdraftLimit,
  Transfer,
  Withdraw,
  Write,
} from './command.js';
import type { Notes } from './notes.js';

/** What a test may choose of a command besides its subject: an id of its own otherwise, and nothing else. */
export type WriteOptions = Partial<Write>;

/** Likewise of one that moves money: USD otherwise. */
export interface Options extends WriteOptions {
  readonly currency?: string;
}

const write = ({ id = newWriteId(), ...rest }: WriteOptions = {}) => ({ id, ...rest });
const chosen = ({ currency = 'USD', ...rest }: Options = {}) => ({ ...write(rest), currency });

export function initializeBranch(branch: number, amount: bigint, options?: Options): InitializeBranch {
  return { kind: 'initializeBranch', branch, amount, ...chosen(options) };
}

export function addCash(branch: number, amount: bigint, options?: Options): AddCash {
  return { kind: 'addCash', branch, amount, ...chosen(options) };
}

export function removeCash(branch: number, amount: bigint, options?: Options): RemoveCash {
  return { kind: 'removeCash', branch, amount, ...chosen(options) };
}

export function closeBranch(branch: number, options?: WriteOptions): CloseBranch {
  return { kind: 'closeBranch', branch, ...write(options) };
}

export function openAccount(branch: number, customer: string, options?: Options): OpenAccount {
  return { kind: 'openAccount', branch, customer, ...chosen(options) };
}

export function freezeAccount(account: AccountRef, options?: WriteOptions): ChangeAccountState {
  return { kind: 'freezeAccount', account, ...write(options) };
}

export function unfreezeAccount(account: AccountRef, options?: WriteOptions): ChangeAccountState {
  return { kind: 'unfreezeAccount', account, ...write(options) };
}

export function closeAccount(account: AccountRef, options?: WriteOptions): ChangeAccountState {
  return { kind: 'closeAccount', account, ...write(options) };
}

export function setOverdraftLimit(account: AccountRef, limit: bigint, options?: Options): SetOverdraftLimit {
  return { kind: 'setOverdraftLimit', account, limit, ...chosen(options) };
}

/** @param options - the new metadata is that of the notes */
export function setAccountMetadata(account: AccountRef, options?: WriteOptions): SetAccountMetadata {
  return { kind: 'setAccountMetadata', account, ...write(options) };
}

export function deposit(to: AccountRef, amount: bigint, options?: Options): Deposit {
  return { kind: 'deposit', to, amount, ...chosen(options) };
}

export function withdraw(from: AccountRef, amount: bigint, options?: Options): Withdraw {
  return { kind: 'withdraw', from, amount, ...chosen(options) };
}

export function transfer(from: AccountRef, to: AccountRef, amount: bigint, options?: Options): Transfer {
  return { kind: 'transfer', from, to, amount, ...chosen(options) };
}

export function operatorTransfer(
  from: AccountRef,
  to: AccountRef,
  amount: bigint,
  options?: Options,
): OperatorTransfer {
  return { kind: 'operatorTransfer', from, to, amount, ...chosen(options) };
}

export function placeHold(
  from: AccountRef,
  to: AccountRef,
  amount: bigint,
  { expiresInMs, ...options }: Options & Pick<PlaceHold, 'expiresInMs'> = {},
): PlaceHold {
  return { kind: 'placeHold', from, to, amount, expiresInMs, ...chosen(options) };
}

/** @param branch - one that the hold touches */
export function captureHold(
  branch: number,
  { id: hold }: Pick<PlaceHold, 'id'>,
  amount?: bigint,
  options?: WriteOptions,
): CaptureHold {
  return { kind: 'captureHold', branch, hold, amount, ...write(options) };
}

/** @param branch - one that the hold touches */
export function releaseHold(
  branch: number,
  { id: hold }: Pick<PlaceHold, 'id'>,
  options?: WriteOptions,
): ReleaseHold {
  return { kind: 'releaseHold', branch, hold, ...write(options) };
}

/** @param branch - one that the original touches */
export function reverseTransfer(
  branch: number,
  { id: original }: Pick<Write, 'id'>,
  options?: WriteOptions,
): ReverseTransfer {
  return { kind: 'reverseTransfer', branch, original, ...write(options) };
}

export function group(members: readonly Member[], options?: WriteOptions): Group {
  return { kind: 'group', members, ...write(options) };
}

/** @param branch - one that the original touches */
export function reverseGroup(
  branch: number,
  { id: original }: Pick<Write, 'id'>,
  options?: WriteOptions,
): ReverseGroup {
  return { kind: 'reverseGroup', branch, original, ...write(options) };
}

export function seedDeposit(customer: number, amount: bigint, options?: Options): SeedDeposit {
  return { kind: 'seedDeposit', customer, amount, ...chosen(options) };
}

/** Abandons the write, as far as the branch is concerned. */
export function abandon(branch: number, { id }: Pick<Write, 'id'>): Abandon {
  return { kind: 'abandon', id, branch };
}

export function expireHolds(branch: number): ExpireHolds {
  return { kind: 'expireHolds', id: newWriteId(), branch };
}

/** Notes, with a salt of their own each time. */
export function notes(description: string, metadata: Readonly<Record<string, string>> = {}): Notes {
  return { description, metadata, salt: Buffer.from(newWriteId().replaceAll('-', ''), 'hex') };
}
