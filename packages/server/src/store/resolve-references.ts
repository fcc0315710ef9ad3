import type { Client } from 'pg';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import {
  referenceKey,
  referenceOf,
  referredBy,
  withBatch,
  type Reference,
  type References,
  type WriteRef,
} from '../ledger/references.js';
import { entryFromRow, type EntryRow } from './rows.js';

/**
 * Reads what the commands refer to, before anything is locked: what an applied write touched never changes. Most
 * batches refer to nothing and cost nothing here.
 */
export async function resolveReferences(client: Client, commands: readonly Command[]): Promise<References> {
  const wanted = commands.flatMap(referredBy);
  if (wanted.length === 0) return withBatch(new Map(), commands);
  const found = await readWrites(client, wanted);
  const references = new Map<string, Reference>();
  const groups: WriteRef[] = [];
  for (const ref of wanted) {
    const entries = found.filter(({ branch, writeId }) => branch === ref.branch && writeId === ref.id);
    const header = entries.find(({ change }) => change.kind === 'groupOpened')?.change;
    if (header?.kind === 'groupOpened')
      groups.push(...header.branches.map((branch) => ({ branch, id: ref.id })));
    if (entries.some(({ change }) => change.kind !== 'refusal'))
      references.set(referenceKey(ref), referenceOf(entries));
  }
  if (groups.length > 0) {
    const members = await readMembers(client, groups);
    for (const ref of wanted) {
      const own = members.filter(({ group, writeId }) => group?.id === ref.id || writeId === ref.id);
      if (own.length > 0) references.set(referenceKey(ref), referenceOf(own));
    }
  }
  return withBatch(references, commands);
}

async function readWrites(client: Client, refs: readonly WriteRef[]): Promise<Entry[]> {
  const { rows } = await client.query<EntryRow>({ ...WRITES, values: columns(refs) });
  return rows.map(entryFromRow);
}

async function readMembers(client: Client, refs: readonly WriteRef[]): Promise<Entry[]> {
  const { rows } = await client.query<EntryRow>({ ...MEMBERS, values: columns(refs) });
  return rows.map(entryFromRow);
}

function columns(refs: readonly WriteRef[]): [number[], string[]] {
  return [refs.map(({ branch }) => branch), refs.map(({ id }) => id)];
}

const WRITES = {
  name: 'referred-writes',
  text: `select e.* from (select distinct * from unnest($1::int[], $2::uuid[])) as referred (branch_id, write_id)
         join entries e on e.branch_id = referred.branch_id and e.write_id = referred.write_id
         order by e.branch_id, e.position`,
};

const MEMBERS = {
  name: 'referred-groups',
  text: `select e.* from (select distinct * from unnest($1::int[], $2::uuid[])) as referred (branch_id, group_id)
         join entries e on e.branch_id = referred.branch_id
           and (e.group_id = referred.group_id or (e.write_id = referred.group_id and e.ordinal = 0))
         order by e.branch_id, e.position`,
};
