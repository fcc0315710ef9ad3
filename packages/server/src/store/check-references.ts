import { formatAccountId } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import {
  groupBranches,
  referenceKey,
  referenceOf,
  referredBy,
  type Reference,
  type References,
} from '../ledger/references.js';
import { grouped } from './grouped.js';
import { StoreError } from './store.js';

/**
 * A write that commands refer to may have been applied after references were resolved. What it touches is not all
 * locked and loaded then, unless a command of this batch says the same of it.
 *
 * @param entries - what was loaded under the locks
 * @throws {@link StoreError} `conflict`: it will be resolved when it is tried again
 */
export function checkReferences(
  commands: readonly Command[],
  references: References,
  entries: readonly Entry[],
): void {
  const refs = commands.flatMap(referredBy);
  if (refs.length === 0) return;
  const applied = entries.filter(({ change }) => change.kind !== 'refusal');
  const writes = grouped(applied, ({ branch, writeId }) => referenceKey({ branch, id: writeId }));
  const groups = grouped(applied, ({ branch, group }) => referenceKey({ branch, id: group?.id ?? '' }));
  const late = refs.find((ref) => {
    const own = writes.get(referenceKey(ref));
    if (own === undefined) return false;
    const known = references.get(referenceKey(ref));
    const group = groupBranches(own).flatMap((branch) => groups.get(referenceKey({ ...ref, branch })) ?? []);
    return known === undefined || !covers(known, referenceOf([...own, ...group]));
  });
  if (late !== undefined) throw new StoreError('conflict', `write ${late.id} has been applied meanwhile`);
}

function covers(known: Reference, actual: Reference): boolean {
  const accounts = new Set(known.accounts.map(formatAccountId));
  return (
    actual.branches.every((branch) => known.branches.includes(branch)) &&
    actual.members.every((id) => known.members.includes(id)) &&
    actual.accounts.every((account) => accounts.has(formatAccountId(account)))
  );
}
