import { DatabaseClient } from './database-client.js';
import { BANK_TABLES, BOOK_TABLES } from './tables.js';

/** How long one table may take: an empty one takes moments, a filled one is moved over the network. */
const DISTRIBUTE_TIMEOUT_MS = 60 * 60_000;

/**
 * Spreads the books over the nodes of Citus by branch, each branch whole on one node; what is not per branch goes to every
 * node. Does nothing where the extension is not, and leaves tables as they are that are spread already.
 *
 * @returns the tables that were spread now
 */
export async function distributeTables(url: string): Promise<readonly string[]> {
  const client = new DatabaseClient({
    connectionString: url,
    application_name: 'giro-migrate',
    query_timeout: DISTRIBUTE_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ citus: boolean }>(HAS_CITUS);
    if (rows[0]?.citus !== true) return [];
    const distributed: string[] = [];
    for (const [table, statement] of STATEMENTS) {
      const { rowCount } = await client.query(IS_DISTRIBUTED, [table]);
      if (rowCount !== 0) continue;
      await client.query(statement);
      distributed.push(table);
    }
    return distributed;
  } finally {
    await client.end();
  }
}

export const HAS_CITUS = `select to_regproc('create_reference_table') is not null as citus`;

export const IS_DISTRIBUTED = 'select 1 from pg_dist_partition where logicalrelid = $1::regclass';

/** Branches first: the others are placed beside them. */
const STATEMENTS: readonly (readonly [table: string, statement: string])[] = [
  ...BOOK_TABLES.map((table, index) => {
    const beside = index === 0 ? '' : `, colocate_with => '${BOOK_TABLES[0]}'`;
    return [table, `select create_distributed_table('${table}', 'branch_id'${beside})`] as const;
  }),
  ...BANK_TABLES.map((table) => [table, `select create_reference_table('${table}')`] as const),
];
