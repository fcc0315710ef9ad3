import { BranchState, type Branch } from '@giro/sdk/protocol';
import type { BranchView } from '../../store/read-branches.js';
import { wireHead, wireTime } from './position.js';

export function wireBranch({ id, position, timeMicros, cash, closed, headHash }: BranchView): Branch {
  return {
    id,
    position: BigInt(position),
    time: wireTime(timeMicros),
    cash: cash.map(({ currency, amount }) => ({ currency, amount })),
    state: closed ? BranchState.CLOSED : BranchState.OPEN,
    head: wireHead({ position, hash: headHash }),
  };
}
