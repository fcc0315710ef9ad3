import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@giro/server/embedded';

/** The other database. */
export interface Target extends AsyncDisposable {
  readonly url: string;
}

/** The database at the URL, or without one, a PostgreSQL that goes with this process. */
export async function openTarget(url: string | undefined): Promise<Target> {
  if (url !== undefined) return { url, [Symbol.asyncDispose]: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'giro-follow-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  return {
    url: postgres.url,
    [Symbol.asyncDispose]: async () => {
      await postgres.stop();
      await removeEmbeddedPostgres(dataDir);
    },
  };
}
