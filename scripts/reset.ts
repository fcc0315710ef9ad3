import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { build } from './build.js';
import { dataDirOption } from './settings.js';

/** `npm run reset`: forgets the books of `npm start` for ever. Refused while a bank runs on them. */
const { dataDir } = new Command('npm run reset --')
  .description('Removes the data of npm start: the books and the logs.')
  .addOption(dataDirOption)
  .parse()
  .opts<{ dataDir: string }>();
await build();
const { removeEmbeddedPostgres } = await import('@giro/server/embedded');
try {
  await removeEmbeddedPostgres(dataDir);
  await rm(join(dataDir, 'logs'), { recursive: true, force: true });
  console.log(`Removed the books in ${dataDir}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
