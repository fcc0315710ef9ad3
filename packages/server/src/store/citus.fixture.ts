/**
 * Stands in for Citus, which no package of this platform has: its calls and tables in plain SQL, on a database that stays
 * whole. A branch's shard is the remainder of its id by four.
 */
import { query } from '../../test-support/database.js';

/** Makes a database look as if the extension were there. It shows to sessions that begin after that. */
export async function addCitus(url: string): Promise<void> {
  await query(url, STAND_IN);
}

/** Tells on which node, by its group, which shards are: 0 is the coordinator's. */
export async function placeShards(url: string, group: number, shards: readonly number[]): Promise<void> {
  await query(url, 'update pg_dist_placement set groupid = $1 where shardid = any($2)', [group, shards]);
}

/** Adds a node, as the others know it. */
export async function addNode(url: string, group: number, port: number): Promise<void> {
  await query(url, `insert into pg_dist_node values ($1, '127.0.0.1', $2, true, true, true, 'primary')`, [
    group,
    port,
  ]);
}

const STAND_IN = `
  create schema stand_in;
  create table stand_in.pg_dist_partition (logicalrelid regclass, how text, called serial);
  create table stand_in.pg_dist_node (
    groupid int, nodename text, nodeport int, hasmetadata boolean, metadatasynced boolean, isactive boolean, noderole text);
  create table stand_in.pg_dist_placement (placementid serial, shardid bigint, shardstate int, groupid int);
  insert into stand_in.pg_dist_placement (shardid, shardstate, groupid) select shard, 1, 0 from generate_series(0, 3) shard;
  create function stand_in.get_shard_id_for_distribution_column(t regclass, v int) returns bigint
    language sql as $$ select (v % 4)::bigint $$;
  create function stand_in.create_distributed_table(t regclass, c text, colocate_with text default 'default') returns void
    language sql as $$ insert into stand_in.pg_dist_partition (logicalrelid, how) values
      (t, t || ' by ' || c || case colocate_with when 'default' then '' else ' with ' || colocate_with end) $$;
  create function stand_in.create_reference_table(t regclass) returns void
    language sql as $$ insert into stand_in.pg_dist_partition (logicalrelid, how) values (t, t || ' everywhere') $$;
  do $$ begin execute format('alter database %I set search_path = public, stand_in', current_database()); end $$;`;
