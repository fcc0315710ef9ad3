import { formatAccountId, TransferKind, type AccountRef, type Transfer } from '@giro/sdk/protocol';
import type { Entry } from '../../ledger/entry.js';
import { transferOf } from '../../ledger/transfer-view.js';
import { wirePosition, wireTime } from './position.js';

/** @returns undefined if the entries are not those of a transfer */
export function wireTransfer(entries: readonly Entry[]): Transfer | undefined {
  const transfer = transferOf(entries);
  if (transfer === undefined) return undefined;
  const { id, kind, from, to, amount, currency, timeMicros, branch, position } = transfer;
  return {
    id,
    kind: KINDS[kind],
    from: idOrNone(from),
    to: idOrNone(to),
    amount: { amount, currency },
    time: wireTime(timeMicros),
    position: wirePosition(branch, position),
  };
}

function idOrNone(account: AccountRef | undefined): string {
  return account === undefined ? '' : formatAccountId(account);
}

const KINDS = {
  deposit: TransferKind.DEPOSIT,
  withdrawal: TransferKind.WITHDRAWAL,
  transfer: TransferKind.TRANSFER,
} as const;
