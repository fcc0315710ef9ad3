import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@giro/server/embedded';
import { Client } from 'pg';

/** The PostgreSQL that everything is measured on: one that a server would run by itself, on a new data directory. */
export interface BenchDatabase {
  /** Its first process. */
  readonly postmaster: number;
  /** A directory of the file system that its data lies on. */
  readonly diskDir: string;
  url(database: string): string;
  /** Makes a database: an empty one, or a copy of another that nobody is connected to. */
  create(database: string, template?: string): Promise<void>;
  drop(database: string): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export async function startDatabase(signal: AbortSignal): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'giro-bench-'));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, signal });
    const lines = (await readFile(join(postgres.clusterDir, 'postmaster.pid'), 'utf8')).split('\n');
    return {
      postmaster: Number(lines[0]),
      diskDir: dirname(postgres.clusterDir),
      url: (database) => withDatabase(postgres.url, database),
      create: (database, template = 'template1') =>
        administer(postgres.url, `create database ${database} template ${template} strategy file_copy`),
      drop: (database) => administer(postgres.url, `drop database ${database} with (force)`),
      stop: async () => {
        await postgres.stop();
        await removeEmbeddedPostgres(dataDir);
      },
    };
  } catch (error) {
    await removeEmbeddedPostgres(dataDir);
    throw error;
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
    // What was copied or dropped is on disk before anything is measured.
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
