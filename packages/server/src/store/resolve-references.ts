import type { Client } from 'pg';
import type { Command } from '../ledger/command.js';
import type { Entry } from '../ledger/entry.js';
import {
  groupBranches,
  referenceKey,
  referenceOf,
  referredBy,
  withBatch,
  type References,
  type WriteRef,
} from '../ledger/references.js';
import { grouped } from './grouped.js';
import { entryFromRow, type EntryRow } from './rows.js';

/**
 * Reads what the commands refer to, before anything is locked: what an applied write touched never changes. Most
 * batches refer to nothing and cost nothing here.
 */
export async function resolveReferences(client: Client, commands: readonly Command[]): Promise<References> {
  const wanted = commands.flatMap(referredBy);
  if (wanted.length === 0) return withBatch(new Map(), commands);
  const writes = grouped(await readWrites(client, wanted), keyOf);
  const applied = wanted.flatMap((ref) => {
    const entries = writes.get(referenceKey(ref)) ?? [];
    return entries.some(({ change }) => change.kind !== 'refusal') ? [{ ref, entries }] : [];
  });
  const headed = applied.flatMap(({ ref: { id }, entries }) =>
    groupBranches(entries).map((branch) => ({ branch, id })),
  );
  const groups = grouped(
    headed.length === 0 ? [] : await readGroups(client, headed),
    ({ branch, writeId, group }) => referenceKey({ branch, id: group?.id ?? writeId }),
  );
  const references = applied.map(({ ref, entries }) => {
    const group = groupBranches(entries).flatMap(
      (branch) => groups.get(referenceKey({ ...ref, branch })) ?? [],
    );
    return [referenceKey(ref), referenceOf([...entries, ...group])] as const;
  });
  return withBatch(new Map(references), commands);
}

function keyOf({ branch, writeId }: Entry): string {
  return referenceKey({ branch, id: writeId });
}

async function readWrites(client: Client, refs: readonly WriteRef[]): Promise<Entry[]> {
  const { rows } = await client.query<EntryRow>({ ...WRITES, values: columns(refs) });
  return rows.map(entryFromRow);
}

/** The headers of groups, and what their members did. */
async function readGroups(client: Client, refs: readonly WriteRef[]): Promise<Entry[]> {
  const { rows } = await client.query<EntryRow>({ ...GROUPS, values: columns(refs) });
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

const GROUPS = {
  name: 'referred-groups',
  text: `select e.* from (select distinct * from unnest($1::int[], $2::uuid[])) as referred (branch_id, group_id)
         join entries e on e.branch_id = referred.branch_id
           and (e.group_id = referred.group_id or (e.write_id = referred.group_id and e.ordinal = 0))
         order by e.branch_id, e.position`,
};
