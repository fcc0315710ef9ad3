import type { TrialBalanceLine as WireTrialBalanceLine } from '@giro/sdk/protocol';
import type { TrialBalanceLine } from '../../store/read-trial-balance.js';

export function wireTrialBalanceLine(line: TrialBalanceLine): WireTrialBalanceLine {
  return {
    currency: line.currency,
    postedDebits: line.postedDebits.toString(),
    postedCredits: line.postedCredits.toString(),
    heldDebits: line.heldDebits.toString(),
    heldCredits: line.heldCredits.toString(),
  };
}
