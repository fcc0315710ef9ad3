import type { Group as WireGroup } from '../gen/giro/v1/transfer_service.js';
import { present, textFrom, timeFrom } from './answer.js';
import { transferFrom, type Transfer } from './transfer.js';
import type { Metadata } from './write-params.js';

/** An applied group: writes that happened together. */
export interface Group {
  /** The id of the write, not that of any member. */
  readonly id: string;
  /** When it was applied, to the millisecond; the same in all branches. */
  readonly time: Date;
  /** The same time in microseconds since 1970-01-01T00:00:00Z. */
  readonly timeMicros: bigint;
  /** The branches that it touched, in order. */
  readonly branches: readonly number[];
  /** Its transfers, in the order in which they applied; members that only placed or released holds are not among them. */
  readonly transfers: readonly Transfer[];
  /** The group that this one reverses. */
  readonly reversalOf?: string;
  readonly description?: string;
  readonly metadata: Metadata;
}

export function groupFrom(wire: WireGroup | undefined): Group {
  const { id, time, branches, transfers, reversalOf, description, metadata } = present(wire, 'group');
  return {
    id,
    ...timeFrom(time),
    branches,
    transfers: transfers.map(transferFrom),
    ...textFrom('reversalOf', reversalOf),
    ...textFrom('description', description),
    metadata,
  };
}
