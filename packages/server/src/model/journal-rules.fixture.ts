import { createHash } from 'node:crypto';
import type { Entry, GroupOpened } from '../ledger/entry.js';
import { branchesOf, type KeptBank, type KeptBranch } from './kept-bank.fixture.js';

/** R5, R6, R8 and R9, read off journals and seals: every place where one of them is broken, by its number. */
export function brokenJournalRules(kept: KeptBank): readonly string[] {
  return [
    ...branchesOf(kept).flatMap((branch) => [
      ...brokenOrder(branch),
      ...brokenIds(branch),
      ...brokenReversals(branch),
      ...brokenSeals(branch),
    ]),
    ...brokenGroups(kept),
  ];
}

/** R8: positions 1, 2, 3, …, times that increase, and a branch row that knows the last of both. */
function brokenOrder({ id, entries, branches }: KeptBranch): string[] {
  const broken: string[] = [];
  entries.forEach((entry, index) => {
    const before = entries[index - 1]?.timeMicros ?? -Infinity;
    if (entry.position !== index + 1) broken.push(`R8: ${placeOf(entry)} stands in place ${index + 1}`);
    if (entry.timeMicros <= before) broken.push(`R8: the time of ${placeOf(entry)} is not after the last`);
  });
  const last = entries.at(-1);
  const [row] = branches;
  if (row === undefined || row.position !== last?.position || row.timeMicros !== last.timeMicros) {
    broken.push(`R8: branch ${id} is kept at ${row?.position}, its journal ends at ${last?.position}`);
  }
  return broken;
}

/** R5: one write has its ordinals once each, from 0, and the body with the first. */
function brokenIds({ entries }: KeptBranch): string[] {
  const broken: string[] = [];
  const next = new Map<string, number>();
  for (const entry of entries) {
    const { writeId, ordinal, body, change } = entry;
    if (ordinal === -1) {
      if (change.kind !== 'holdExpired') broken.push(`R5: ${placeOf(entry)} has no place in its write`);
      continue;
    }
    const expected = next.get(writeId) ?? 0;
    next.set(writeId, expected + 1);
    if (ordinal !== expected) broken.push(`R5: ${placeOf(entry)} is number ${ordinal} of its write`);
    const abandoned = change.kind === 'refusal' && change.refusal.reason === 'ABANDONED';
    if ((ordinal === 0 && !abandoned) !== (body !== undefined)) {
      broken.push(`R5: ${placeOf(entry)} keeps the body in the wrong place`);
    }
  }
  return broken;
}

/** R8: an original is reversed at most once, and is no reversal. */
function brokenReversals({ entries }: KeptBranch): string[] {
  const broken: string[] = [];
  const reversed = new Map<string, string>();
  const reversals = new Set<string>();
  for (const entry of entries) {
    const { change, writeId } = entry;
    const original = 'reversalOf' in change ? change.reversalOf : undefined;
    if (original === undefined) continue;
    reversals.add(writeId);
    if (reversed.has(original)) broken.push(`R8: ${placeOf(entry)} reverses ${original} again`);
    reversed.set(original, writeId);
    if (!entries.some(({ writeId: id, position }) => id === original && position < entry.position)) {
      broken.push(`R8: ${placeOf(entry)} reverses what is not there`);
    }
  }
  for (const original of reversed.keys()) {
    if (reversals.has(original)) broken.push(`R8: the reversal ${original} was reversed`);
  }
  return broken;
}

/** R9: seals cover the journal from its first entry to its last, each bound to the one before. */
function brokenSeals({ id, seals, branches, entries }: KeptBranch): string[] {
  const broken: string[] = [];
  let previous: Buffer = Buffer.alloc(32);
  let covered = 0;
  for (const { first, last, root, hash } of seals) {
    if (first !== covered + 1 || last < first) broken.push(`R9: a seal of ${id} covers ${first} to ${last}`);
    const head = Buffer.alloc(18);
    head.writeUInt16BE(id, 0);
    head.writeBigUInt64BE(BigInt(first), 2);
    head.writeBigUInt64BE(BigInt(last), 10);
    const expected = createHash('sha256').update('giro seal 1\n').update(head).update(root).update(previous);
    if (!expected.digest().equals(hash)) broken.push(`R9: the seal of ${id} up to ${last} is torn off`);
    previous = hash;
    covered = last;
  }
  if (covered !== entries.length) broken.push(`R9: the journal of ${id} is sealed up to ${covered}`);
  if (branches[0]?.headHash.equals(previous) === false) broken.push(`R9: branch ${id} knows another seal`);
  return broken;
}

/** R6: every group is there whole: its header in each of its branches, its members behind, nothing in between. */
function brokenGroups(kept: KeptBank): string[] {
  const { entries } = kept;
  const headers = entries.flatMap(({ change, ...entry }) =>
    change.kind === 'groupOpened' ? [{ ...entry, change }] : [],
  );
  const strays = entries
    .filter(({ group }) => group !== undefined)
    .filter(
      ({ branch, group }) => !headers.some((head) => head.branch === branch && head.writeId === group?.id),
    )
    .map((entry) => `R6: ${placeOf(entry)} is of a group that was not opened there`);
  return [...strays, ...headers.flatMap((header) => brokenGroup(header, entries))];
}

function brokenGroup(header: Omit<Entry, 'change'> & { change: GroupOpened }, entries: readonly Entry[]) {
  const { writeId: id, branch, position, change, group } = header;
  const broken: string[] = [];
  if (group !== undefined) broken.push(`R6: ${placeOf(header)} opens a group in a group`);
  const all = entries.filter((entry) => entry.group?.id === id && change.branches.includes(entry.branch));
  const indexes = new Set(all.map((entry) => entry.group?.index));
  if (indexes.size !== change.members || [...indexes].some((index = -1) => index >= change.members)) {
    broken.push(`R6: of the ${change.members} members of ${id} there are ${[...indexes].join()}`);
  }
  for (const other of change.branches) {
    const opened = entries.filter(
      (entry) => entry.branch === other && entry.writeId === id && entry.change.kind === 'groupOpened',
    );
    if (opened.length !== 1) broken.push(`R6: group ${id} is opened ${opened.length} times in ${other}`);
  }
  const here = all.filter((entry) => entry.branch === branch);
  const last = here.at(-1)?.position ?? position;
  // Holds may expire between two members, since each is decided at its own time.
  const between = entries.filter(
    (entry) =>
      entry.branch === branch && entry.position > position && entry.position < last && entry.ordinal >= 0,
  );
  for (const entry of between) {
    if (entry.group?.id !== id) broken.push(`R6: ${placeOf(entry)} stands in the middle of a group`);
  }
  here.forEach((entry, index) => {
    if ((entry.group?.index ?? 0) < (here[index - 1]?.group?.index ?? 0)) {
      broken.push(`R6: ${placeOf(entry)} is out of the order of its group`);
    }
  });
  return broken;
}

function placeOf({ branch, position }: Pick<Entry, 'branch' | 'position'>): string {
  return `${branch}:${position}`;
}
