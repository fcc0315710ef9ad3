import { newWriteId, type AccountRef } from '@giro/sdk/protocol';
import type {
  Abandon,
  AddCash,
  CaptureHold,
  ChangeAccountState,
  CloseBranch,
  Group,
  Member,
  OperatorTransfer,
  PlaceHold,
  ReleaseHold,
  RemoveCash,
  ReverseGroup,
  ReverseTransfer,
  SetOverdraftLimit,
} from '../ledger/command.js';

/** Commands with an id of their own and in USD, beside those of the ledger's own fixture. */

export function addCash(branch: number, amount: bigint): AddCash {
  return { kind: 'addCash', id: newWriteId(), branch, amount, currency: 'USD' };
}

export function removeCash(branch: number, amount: bigint): RemoveCash {
  return { kind: 'removeCash', id: newWriteId(), branch, amount, currency: 'USD' };
}

export function closeBranch(branch: number): CloseBranch {
  return { kind: 'closeBranch', id: newWriteId(), branch };
}

export function freezeAccount(account: AccountRef): ChangeAccountState {
  return { kind: 'freezeAccount', id: newWriteId(), account };
}

export function unfreezeAccount(account: AccountRef): ChangeAccountState {
  return { kind: 'unfreezeAccount', id: newWriteId(), account };
}

export function closeAccount(account: AccountRef): ChangeAccountState {
  return { kind: 'closeAccount', id: newWriteId(), account };
}

export function setOverdraftLimit(account: AccountRef, limit: bigint): SetOverdraftLimit {
  return { kind: 'setOverdraftLimit', id: newWriteId(), account, limit, currency: 'USD' };
}

export function operatorTransfer(from: AccountRef, to: AccountRef, amount: bigint): OperatorTransfer {
  return { kind: 'operatorTransfer', id: newWriteId(), from, to, amount, currency: 'USD' };
}

export function placeHold(from: AccountRef, to: AccountRef, amount: bigint, expiresInMs?: number): PlaceHold {
  return { kind: 'placeHold', id: newWriteId(), from, to, amount, currency: 'USD', expiresInMs };
}

export function captureHold(branch: number, hold: string, amount?: bigint): CaptureHold {
  return { kind: 'captureHold', id: newWriteId(), branch, hold, amount };
}

export function releaseHold(branch: number, hold: string): ReleaseHold {
  return { kind: 'releaseHold', id: newWriteId(), branch, hold };
}

export function reverseTransfer(branch: number, original: string): ReverseTransfer {
  return { kind: 'reverseTransfer', id: newWriteId(), branch, original };
}

export function group(...members: readonly Member[]): Group {
  return { kind: 'group', id: newWriteId(), members };
}

export function reverseGroup(branch: number, original: string): ReverseGroup {
  return { kind: 'reverseGroup', id: newWriteId(), branch, original };
}

/** @param id - the id to be used up */
export function abandon(branch: number, id: string): Abandon {
  return { kind: 'abandon', id, branch };
}
