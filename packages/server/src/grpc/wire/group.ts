import type { Group } from '@giro/sdk/protocol';
import type { GroupView } from '../../store/read-groups.js';
import { wireNotes } from './notes.js';
import { wireTime } from './position.js';
import { wireTransfer } from './transfer.js';

export function wireGroup({ id, timeMicros, branches, transfers, reversalOf, notes }: GroupView): Group {
  return {
    id,
    time: wireTime(timeMicros),
    branches: [...branches],
    transfers: transfers.map(wireTransfer),
    reversalOf: reversalOf ?? '',
    ...wireNotes(notes),
  };
}
