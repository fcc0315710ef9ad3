import { isInternal, type AccountRef } from '@giro/sdk/protocol';
import type { Command } from './command.js';
import type { Entry, Posting } from './entry.js';

/** An applied transfer, put together again from one branch's entries. */
export interface TransferView {
  readonly id: string;
  readonly kind: 'deposit' | 'withdrawal' | 'transfer';
  /** Undefined for a deposit. */
  readonly from: AccountRef | undefined;
  /** Undefined for a withdrawal. */
  readonly to: AccountRef | undefined;
  readonly amount: bigint;
  readonly currency: string;
  readonly timeMicros: number;
  readonly branch: number;
  readonly position: number;
}

/** @returns undefined if the write was no transfer, or was refused */
export function transferOf(entries: readonly Entry[]): TransferView | undefined {
  const [first] = entries;
  const entry = entries.find(({ change }) => change.kind === 'posting');
  if (first?.body === undefined || entry?.change.kind !== 'posting') return undefined;
  const kind = KINDS[(JSON.parse(first.body) as Pick<Command, 'kind'>).kind];
  if (kind === undefined) return undefined;
  const { writeId: id, timeMicros, branch, position, change } = entry;
  const { amount, currency } = change;
  return { id, kind, ...ends(branch, change), amount, currency, timeMicros, branch, position };
}

/** The accounts at the two ends. Between branches, this branch has only one of them in its books. */
function ends(branch: number, { debit, credit, counterparty }: Posting): Pick<TransferView, 'from' | 'to'> {
  const customerOrNone = (serial: number) => (isInternal({ serial }) ? undefined : { branch, serial });
  return {
    from: customerOrNone(debit) ?? counterparty,
    to: customerOrNone(credit) ?? counterparty,
  };
}

const KINDS: Partial<Record<Command['kind'], TransferView['kind']>> = {
  deposit: 'deposit',
  seedDeposit: 'deposit',
  withdraw: 'withdrawal',
  transfer: 'transfer',
};
