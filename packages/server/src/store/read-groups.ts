import type { KeptNotes } from '../ledger/notes.js';
import { RequestError } from '../request-error.js';
import type { Database } from './database.js';
import { readBranch } from './read-branches.js';
import {
  transferEntries,
  transfersFromRows,
  type FoundTransfer,
  type TransferEntryRow,
} from './read-transfers.js';
import { entryFromRow } from './rows.js';

/** An applied group, put together again from the entries of all branches that it touched. */
export interface GroupView {
  readonly id: string;
  /** Of its first entries. */
  readonly timeMicros: number;
  /** In order. */
  readonly branches: readonly number[];
  /** In the order in which they applied; each as the branch that was asked has it, if it has it. */
  readonly transfers: readonly FoundTransfer[];
  /** The group that this one reverses. */
  readonly reversalOf: string | undefined;
  readonly notes: KeptNotes | undefined;
}

/**
 * A group by its id, in one snapshot (R6, R12).
 *
 * @param branch - one that the group touched
 * @throws {@link RequestError} with BRANCH_NOT_FOUND or GROUP_NOT_FOUND
 */
export async function readGroup(database: Database, branch: number, id: string): Promise<GroupView> {
  const rows = await database.rows<TransferEntryRow>(GROUP, [branch, id]);
  const header = rows.map(entryFromRow).find(({ change }) => change.kind === 'groupOpened');
  if (header?.change.kind !== 'groupOpened') {
    await readBranch(database, branch);
    throw new RequestError('GROUP_NOT_FOUND', { branch: String(branch), id });
  }
  const { timeMicros, notes, change } = header;
  const { branches, reversalOf } = change;
  return {
    id,
    timeMicros,
    branches,
    transfers: groupMembers(transfersFromRows(rows), branch),
    reversalOf,
    notes,
  };
}

/**
 * The members of a group from what its branches have of them, each once: a transfer between branches stands in both of
 * them, but is one.
 */
export function groupMembers(transfers: readonly FoundTransfer[], branch: number): FoundTransfer[] {
  const members = new Map<string, FoundTransfer>();
  for (const transfer of transfers) {
    if (transfer.branch === branch || !members.has(transfer.id)) members.set(transfer.id, transfer);
  }
  const indexOf = ({ group }: FoundTransfer) => group?.index ?? 0;
  return [...members.values()].sort((a, b) => indexOf(a) - indexOf(b));
}

/** The header says which branches to look into. */
const GROUP = `
  with header as (
    select * from entries where branch_id = $1 and write_id = $2 and ordinal = 0 and kind = 'groupOpened'
  ),
  touched (branch_id) as (
    select branch::int from header, json_array_elements_text(header.detail::json -> 'branches') as branch
  )
  ${transferEntries('header e')}
  union all
  ${transferEntries('touched join entries e on e.branch_id = touched.branch_id and e.group_id = $2')}
  order by branch_id, position`;
