import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The administrator's URL of the one PostgreSQL that a test run starts. */
    postgresUrl: string;
    /** Where the services' tests keep the books. */
    keptIn: 'memory' | 'PostgreSQL';
  }
}

/** One PostgreSQL for all test files; each test makes a database of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'giro-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await removeEmbeddedPostgres(dataDir);
  };
}
