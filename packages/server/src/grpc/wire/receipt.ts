import type { GroupReceipt as WireGroupReceipt, Receipt as WireReceipt } from '@giro/sdk/protocol';
import type { GroupReceipt, Receipt, ReceiptPosition } from '../../ledger/receipt.js';
import { wirePosition, wireTime } from './position.js';

export function wireReceipt({ id, timeMicros, positions, balance }: Receipt, replayed: boolean): WireReceipt {
  return { id, time: wireTime(timeMicros), positions: positions.map(wirePlace), balance, replayed };
}

export function wireGroupReceipt(receipt: GroupReceipt, replayed: boolean): WireGroupReceipt {
  const { id, timeMicros, positions, members } = receipt;
  return {
    id,
    time: wireTime(timeMicros),
    positions: positions.map(wirePlace),
    members: members.map((member) => wireReceipt(member, replayed)),
    replayed,
  };
}

function wirePlace({ branch, position, seal }: ReceiptPosition) {
  return wirePosition(branch, position, seal);
}
