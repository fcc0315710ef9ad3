import { formatAccountId, type Balance } from '@giro/sdk/protocol';
import type { BalanceView } from '../../store/read-balances.js';
import { wirePosition, wireTime } from './position.js';

export function wireBalance(view: BalanceView): Balance {
  const { branch, currency, balance, available, position, timeMicros } = view;
  return {
    account: formatAccountId(view),
    balance: { amount: balance, currency },
    available: available === undefined ? undefined : { amount: available, currency },
    position: wirePosition(branch, position),
    time: timeMicros === undefined ? undefined : wireTime(timeMicros),
  };
}
