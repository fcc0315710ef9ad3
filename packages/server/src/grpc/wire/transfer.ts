import { TransferKind, type Transfer } from '@giro/sdk/protocol';
import type { FoundTransfer } from '../../store/read-transfers.js';
import { accountIdOrNone } from './account-id.js';
import { wireNotes } from './notes.js';
import { wirePosition, wireTime } from './position.js';

export function wireTransfer(transfer: FoundTransfer): Transfer {
  const { id, kind, from, to, amount, currency, timeMicros, branch, position, seal } = transfer;
  return {
    id,
    kind: KINDS[kind],
    from: accountIdOrNone(from),
    to: accountIdOrNone(to),
    amount: { amount, currency },
    time: wireTime(timeMicros),
    position: wirePosition(branch, position, seal),
    ...wireNotes(transfer.notes),
    groupId: transfer.group?.id ?? '',
    holdId: transfer.hold ?? '',
    reversalOf: transfer.reversalOf ?? '',
    reversedBy: transfer.reversedBy ?? '',
  };
}

const KINDS = {
  deposit: TransferKind.DEPOSIT,
  withdrawal: TransferKind.WITHDRAWAL,
  transfer: TransferKind.TRANSFER,
  operator: TransferKind.OPERATOR,
  capture: TransferKind.CAPTURE,
  reversal: TransferKind.REVERSAL,
  cashAdded: TransferKind.CASH_ADDED,
  cashRemoved: TransferKind.CASH_REMOVED,
} as const;
