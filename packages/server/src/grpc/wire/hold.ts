import { formatAccountId, HoldState as WireHoldState, type Hold } from '@giro/sdk/protocol';
import type { HoldView } from '../../ledger/hold-view.js';
import { wireNotes } from './notes.js';
import { wirePosition, wireTime } from './position.js';

export function wireHold(hold: HoldView): Hold {
  const { id, from, to, amount, currency, captured, expiresMicros } = hold;
  return {
    id,
    state: STATES[hold.status],
    from: formatAccountId(from),
    to: formatAccountId(to),
    amount: { amount, currency },
    captured: captured === undefined ? undefined : { amount: captured, currency },
    time: wireTime(hold.placedMicros),
    expiresTime: expiresMicros === undefined ? undefined : wireTime(expiresMicros),
    resolvedBy: hold.resolvedBy ?? '',
    position: wirePosition(hold.branch, hold.position, hold.seal),
    ...wireNotes(hold.notes),
  };
}

const STATES = {
  held: WireHoldState.HELD,
  captured: WireHoldState.CAPTURED,
  released: WireHoldState.RELEASED,
  expired: WireHoldState.EXPIRED,
} as const;
