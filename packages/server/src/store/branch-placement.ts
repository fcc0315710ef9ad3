import type { Seal } from '../ledger/seal.js';
import type { Database } from './database.js';
import type { HostAddress } from './database-hosts.js';
import { HAS_CITUS, IS_DISTRIBUTED } from './distribute-tables.js';

/** Tells whether the branches are spread over the nodes of Citus. */
export async function isSpread({ glance }: Pick<Database, 'glance'>): Promise<boolean> {
  const [found] = await glance<{ citus: boolean }>(HAS_CITUS, []);
  return found?.citus === true && (await glance(IS_DISTRIBUTED, ['branches'])).length > 0;
}

/**
 * Where the rows of branches are: the node that holds the branch's shard, by the name that the nodes have for each other.
 * Left out is what is on the coordinator, and on a node to which Citus has not copied what a coordinator must know.
 */
export async function readPlacement(
  { glance }: Pick<Database, 'glance'>,
  branches: readonly number[],
): Promise<ReadonlyMap<number, HostAddress>> {
  const rows = await glance<{ branch: number } & HostAddress>(PLACEMENT, [branches]);
  return new Map(rows.map(({ branch, host, port }) => [branch, { host, port }]));
}

/** The seal with which a branch's journal begins, which no other bank has; undefined if there is none. */
export async function readFirstSeal(
  { glance }: Pick<Database, 'glance'>,
  branch: number,
): Promise<Pick<Seal, 'branch' | 'last' | 'hash'> | undefined> {
  const text = 'select last_position, hash from seals where branch_id = $1 order by last_position limit 1';
  const [row] = await glance<{ last_position: string; hash: Buffer }>(text, [branch]);
  return row && { branch, last: Number(row.last_position), hash: row.hash };
}

/**
 * A shard with several copies is at the oldest of them. The function is no part of the join, which would call it for
 * each pair.
 *
 * @see https://docs.citusdata.com/en/stable/develop/api_metadata.html
 */
const PLACEMENT = `
  with asked as materialized (
    select branch, get_shard_id_for_distribution_column('branches', branch) as shard
    from unnest($1::int[]) as branch
  )
  select distinct on (asked.branch) asked.branch, n.nodename as host, n.nodeport as port
  from asked
  join pg_dist_placement p on p.shardid = asked.shard and p.shardstate = 1
  join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
  where n.groupid <> 0 and n.isactive and n.hasmetadata and n.metadatasynced
  order by asked.branch, p.placementid`;
