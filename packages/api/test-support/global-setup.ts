import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@giro/server';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@giro/server/embedded';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The addresses of two branch servers on one PostgreSQL, as the `servers` option takes them. */
    servers: string;
  }
}

/** One bank for all test files: each keeps to branches of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'giro-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const log = pino({ level: 'silent' });
  const start = () => startServer({ databaseUrl: postgres.url, port: 0, log });
  const servers = [await start(), await start()];
  project.provide('servers', servers.map(({ port }) => `127.0.0.1:${port}`).join(','));
  return async () => {
    await Promise.all(servers.map((server) => server.close()));
    await postgres.stop();
    await removeEmbeddedPostgres(dataDir);
  };
}
