import type { Client } from 'pg';
import { migrations } from './migrations/migrations.js';

/**
 * Brings the schema up to date. Several servers may start at once: one of them does the work while the others wait.
 *
 * @throws {@link NewerSchemaError} if a later version of Giro has been at the database
 */
export async function migrate(client: Client): Promise<void> {
  // After the wait for the lock, each statement must see what the server before has done.
  await client.query('begin isolation level read committed');
  try {
    // Not on the write path, so an advisory lock may be used here.
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'create table if not exists schema_migrations (version integer primary key, applied_at timestamptz not null)',
    );
    const { rows } = await client.query<{ version: number | null }>(
      'select max(version) as version from schema_migrations',
    );
    const found = rows[0]?.version ?? 0;
    const known = migrations.at(-1)?.version ?? 0;
    if (found > known) throw new NewerSchemaError(found, known);
    for (const { version, sql } of migrations.filter((migration) => migration.version > found)) {
      await client.query(sql);
      await client.query('insert into schema_migrations values ($1, now())', [version]);
    }
    await client.query('commit');
  } catch (error) {
    // If the connection is lost, the database rolls back by itself, and `error` says so.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** The database belongs to a later version of Giro. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor(found: number, known: number) {
    super(`the database has schema version ${found}, this server knows ${known}: start a newer server`);
  }
}

/** Any number will do that no other program takes in the same database: "giro" in ASCII. */
const MIGRATION_LOCK = 0x6769726f;
