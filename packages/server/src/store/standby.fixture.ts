import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { onTestFinished, vi } from 'vitest';
import { query } from '../../test-support/database.js';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../embedded.js';
import { migrate } from './migrate.js';

/** The condition on a session of `pg_stat_activity` that waits for a synchronous standby. */
export const WAITS_FOR_STANDBY = `wait_event = 'SyncRep'`;

/** A PostgreSQL of a test file's own with Giro's schema, since its setting holds for all of its databases. */
export async function ownPostgres() {
  const dataDir = await mkdtemp(join(tmpdir(), 'giro-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await migrate(client);
  await client.end();
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await removeEmbeddedPostgres(dataDir);
    },
  };
}

/** Makes commits wait for a synchronous standby that never comes, until the end of the test or until told otherwise. */
export async function waitForStandby(url: string, waits: boolean): Promise<void> {
  await query(url, `alter system set synchronous_standby_names = '${waits ? 'nobody' : ''}'`);
  await query(url, 'select pg_reload_conf()');
  await vi.waitUntil(async () => {
    const [row] = await query<{ names: string }>(
      url,
      `select current_setting('synchronous_standby_names') as names`,
    );
    return (row?.names !== '') === waits;
  });
  if (waits) onTestFinished(() => waitForStandby(url, false));
}
