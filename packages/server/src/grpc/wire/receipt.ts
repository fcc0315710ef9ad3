import type { Receipt as WireReceipt } from '@giro/sdk/protocol';
import type { Receipt } from '../../ledger/receipt.js';
import { wirePosition, wireTime } from './position.js';

export function wireReceipt(receipt: Receipt, replayed: boolean): WireReceipt {
  return {
    id: receipt.id,
    time: wireTime(receipt.timeMicros),
    positions: receipt.positions.map(({ branch, position }) => wirePosition(branch, position)),
    balance: { amount: receipt.balance, currency: receipt.currency },
    replayed,
  };
}
