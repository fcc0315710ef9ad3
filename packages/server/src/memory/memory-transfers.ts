import { holdViewOf, type HoldView } from '../ledger/hold-view.js';
import type { HoldState } from '../ledger/state.js';
import { transferOf } from '../ledger/transfer-view.js';
import { RequestError } from '../request-error.js';
import { groupMembers, type GroupView } from '../store/read-groups.js';
import type { HoldFilter } from '../store/read-holds.js';
import type { FoundTransfer } from '../store/read-transfers.js';
import { accountNow } from './memory-accounts.js';
import type { MemoryBooks } from './memory-books.js';
import type { MemoryBranch } from './memory-branch.js';

export function transferIn(branch: MemoryBranch, id: string): FoundTransfer | undefined {
  const transfer = transferOf(branch.write(id));
  return transfer && { ...transfer, reversedBy: branch.reversal(id)?.writeId };
}

/** @throws RequestError with BRANCH_NOT_FOUND or GROUP_NOT_FOUND */
export function groupIn(books: MemoryBooks, branch: number, id: string): GroupView {
  const [header] = books.branch(branch).write(id);
  if (header?.change.kind !== 'groupOpened') {
    throw new RequestError('GROUP_NOT_FOUND', { branch: String(branch), id });
  }
  const { timeMicros, notes, change } = header;
  const { branches, reversalOf } = change;
  const transfers = branches
    .flatMap((touched) => books.branches.get(touched) ?? [])
    .flatMap((touched) => {
      const members = new Set(touched.group(id).map(({ writeId }) => writeId));
      return [...members].flatMap((member) => transferIn(touched, member) ?? []);
    });
  return { id, timeMicros, branches, transfers: groupMembers(transfers, branch), reversalOf, notes };
}

/** A hold as a write that is decided now would find it. @throws RequestError with HOLD_NOT_FOUND */
export function holdNow(branch: MemoryBranch, id: string, nowMicros: number): HoldView {
  const hold = branch.holds.get(id);
  if (hold !== undefined) return holdView(branch, hold, nowMicros);
  throw new RequestError('HOLD_NOT_FOUND', { branch: String(branch.state.id), hold: id });
}

/** @throws RequestError with ACCOUNT_NOT_FOUND */
export function listHolds(
  branch: MemoryBranch,
  { serial, includeResolved, after, limit }: HoldFilter,
  nowMicros: number,
): HoldView[] {
  accountNow(branch, serial, nowMicros);
  return [...branch.holds.values()]
    .filter(({ debit, credit }) => debit === serial || credit === serial)
    .filter((hold) => includeResolved || (hold.status === 'held' && !branch.isDue(hold, nowMicros)))
    .filter(({ position }) => position > after)
    .sort((a, b) => a.position - b.position)
    .slice(0, limit)
    .map((hold) => holdView(branch, hold, nowMicros));
}

function holdView(branch: MemoryBranch, hold: HoldState, nowMicros: number): HoldView {
  const placing = branch.entries[hold.position - 1];
  if (placing === undefined)
    throw new Error(`nothing stands at position ${hold.position}, where a hold was placed`);
  return holdViewOf(placing, branch.isDue(hold, nowMicros) ? { ...hold, status: 'expired' } : hold);
}
