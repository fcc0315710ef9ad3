import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded.js';
import { prepareDatabase } from '../prepare-database.js';
import { StartError } from '../start-error.js';
import { distributeTables } from '../store/distribute-tables.js';
import { moveBooks } from './move-books.js';
import type { OperatorTask } from './tasks.js';
import { verifyBooks } from './verify-books.js';

/** Tells a line to whoever runs the task. */
export type Tell = (line: string) => void;

/**
 * Does what an operator asks for.
 *
 * @param signal - gives it up
 * @returns whether all is well
 * @throws StartError or EmbeddedPostgresError if it cannot be done
 */
export async function runTask(task: OperatorTask, tell: Tell, signal: AbortSignal): Promise<boolean> {
  switch (task.kind) {
    case 'migrate':
      return migrateDatabase(task, tell, signal);
    case 'verify':
      if (task.databaseUrl !== undefined) return verifyBooks(task.databaseUrl, tell, signal);
      return withEmbedded(task.dataDir, signal, (url) => verifyBooks(url, tell, signal));
    case 'move':
      return withEmbedded(task.from, signal, (url) => moveBooks(url, task.to, tell, signal));
  }
}

async function migrateDatabase(
  { databaseUrl, databaseWaitMs }: Extract<OperatorTask, { kind: 'migrate' }>,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  const log = {
    warn: (_details: object, message: string) => {
      tell(message);
    },
    info: tell,
  };
  await prepareDatabase(databaseUrl, { waitMs: databaseWaitMs, log, signal });
  tell('the schema is up to date');
  const distributed = await distributeTables(databaseUrl);
  if (distributed.length > 0) tell(`spread over the nodes of Citus: ${distributed.join(', ')}`);
  return true;
}

/** @throws StartError if there are no books, EmbeddedPostgresError if a server uses the data directory */
async function withEmbedded(
  dataDir: string,
  signal: AbortSignal,
  use: (url: string) => Promise<boolean>,
): Promise<boolean> {
  // It would be made.
  if (!existsSync(join(dataDir, 'postgres'))) throw new StartError(`there are no books in ${dataDir}`);
  const postgres = await startEmbeddedPostgres({ dataDir, signal });
  try {
    return await use(postgres.url);
  } finally {
    await postgres.stop();
  }
}
