/** A process that owns an embedded PostgreSQL until it is told to stop: by a signal, or for good by SIGKILL. */
import { EmbeddedPostgresError } from './error.js';
import { startEmbeddedPostgres } from './start.js';

const dataDir = process.argv[2] ?? '';
try {
  const database = await startEmbeddedPostgres({ dataDir });
  process.once('SIGTERM', () => void database.stop());
  say({ url: database.url });
} catch (error) {
  if (!(error instanceof EmbeddedPostgresError)) throw error;
  say({ reason: error.reason, message: error.message });
}

function say(words: object): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}
