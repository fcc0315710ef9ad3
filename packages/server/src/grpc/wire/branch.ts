import type { Branch } from '@giro/sdk/protocol';
import type { BranchView } from '../../store/read-branches.js';
import { wireTime } from './position.js';

export function wireBranch(branch: BranchView): Branch {
  return {
    id: branch.id,
    position: BigInt(branch.position),
    time: wireTime(branch.timeMicros),
    cash: branch.cash.map(({ currency, amount }) => ({ currency, amount })),
  };
}
