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
  /** Puts on disk what has been written, so that it is not done while something else is measured. */
  checkpoint(): Promise<void>;
  version(): Promise<string>;
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
        changeDatabases(postgres.url, `create database ${database} template ${template} strategy file_copy`),
      drop: (database) => changeDatabases(postgres.url, `drop database ${database} with (force)`),
      checkpoint: async () => {
        await administer(postgres.url, 'checkpoint');
      },
      version: async () => (await administer(postgres.url, 'show server_version')) ?? 'unknown',
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

/** What was copied or dropped is on disk before anything is measured. */
async function changeDatabases(url: string, statement: string): Promise<void> {
  await administer(url, statement);
  await administer(url, 'checkpoint');
}

/** How long copying a database or a checkpoint may take: much has been written by then, and disks can be slow. */
const STATEMENT_TIMEOUT_MS = 120_000;

/** @returns the only value that the statement answers with, if it does */
async function administer(url: string, statement: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, query_timeout: STATEMENT_TIMEOUT_MS });
  await client.connect();
  try {
    const { rows } = await client.query<string[]>({ text: statement, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}
