import { parseInternalSerial, type AccountRef } from '@giro/sdk/protocol';
import { kindOf } from './body.js';
import type { Command } from './command.js';
import type { Entry, GroupPlace, Posting } from './entry.js';
import type { KeptNotes } from './notes.js';
import { endsOf } from './references.js';
import type { JournalHead } from './seal.js';

/** What kind of transfer it was. */
export type TransferKind =
  'deposit' | 'withdrawal' | 'transfer' | 'operator' | 'capture' | 'reversal' | 'cashAdded' | 'cashRemoved';

/** An applied transfer, put together again from one branch's entries. */
export interface TransferView {
  readonly id: string;
  readonly kind: TransferKind;
  /** Undefined if the money came from outside: of a deposit, and of cash added. */
  readonly from: AccountRef | undefined;
  /** Undefined if the money went outside: of a withdrawal, and of cash removed. */
  readonly to: AccountRef | undefined;
  readonly amount: bigint;
  readonly currency: string;
  readonly timeMicros: number;
  readonly branch: number;
  readonly position: number;
  readonly seal: JournalHead | undefined;
  readonly notes: KeptNotes | undefined;
  readonly group: GroupPlace | undefined;
  /** The hold that it captured. */
  readonly hold: string | undefined;
  /** The transfer that it reverses. */
  readonly reversalOf: string | undefined;
}

/** @returns undefined if the write was no transfer, or was refused */
export function transferOf(entries: readonly Entry[]): TransferView | undefined {
  const entry = entries.find(({ change }) => change.kind === 'posting');
  if (entry?.change.kind !== 'posting') return undefined;
  const { writeId: id, timeMicros, branch, position, seal, notes, group, change } = entry;
  const { amount, currency, capture, reversalOf } = change;
  const kind = transferKind(change, entries.find(({ body }) => body !== undefined)?.body);
  if (kind === undefined) return undefined;
  const { from, to } = endsOf(branch, change);
  return {
    ...{ id, kind, from: unlessCash(from), to: unlessCash(to), amount, currency, timeMicros },
    ...{ branch, position, seal, notes, group, hold: capture?.hold, reversalOf },
  };
}

/** A reversal may be a member of a group, whose body says nothing of it: its posting does. */
function transferKind({ reversalOf }: Posting, body: string | undefined): TransferKind | undefined {
  if (reversalOf !== undefined) return 'reversal';
  return body === undefined ? undefined : KINDS[kindOf(body)];
}

/** Cash comes from outside, or goes there: it has no account at its other end. */
function unlessCash(account: AccountRef): AccountRef | undefined {
  const kind = parseInternalSerial(account.serial)?.kind;
  return kind === 'vault' || kind === 'capital' ? undefined : account;
}

const KINDS: Partial<Record<Command['kind'], TransferKind>> = {
  deposit: 'deposit',
  seedDeposit: 'deposit',
  withdraw: 'withdrawal',
  transfer: 'transfer',
  operatorTransfer: 'operator',
  captureHold: 'capture',
  addCash: 'cashAdded',
  removeCash: 'cashRemoved',
};
