import { formatAccountId } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import {
  referenceKey,
  referenceOf,
  referredBy,
  type Reference,
  type References,
} from '../ledger/references.js';
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
  const groups = grouped(applied, ({ group }) => group?.id);
  const late = refs.find((ref) => {
    const own = writes.get(referenceKey(ref));
    if (own === undefined) return false;
    const known = references.get(referenceKey(ref));
    return known === undefined || !covers(known, referenceOf([...own, ...(groups.get(ref.id) ?? [])]));
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

function grouped<Key>(entries: readonly Entry[], keyOf: (entry: Entry) => Key): Map<Key, Entry[]> {
  const groups = new Map<Key, Entry[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}
