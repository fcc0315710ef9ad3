import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readlink, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findBinaries } from './binaries.js';
import { unfinishedPrefix } from './cluster.js';
import { linkCluster, openDataDir, ownerOfPlace } from './data-layout.js';
import { EmbeddedPostgresError } from './error.js';
import { stopLeftover } from './leftover.js';
import { acquireOwnerLock } from './owner-lock.js';

/**
 * Removes for ever what {@link startEmbeddedPostgres} keeps in a data directory, the database included, wherever it
 * really lies; then the directory itself, if nothing else is in it. Does nothing if there is none.
 *
 * @throws EmbeddedPostgresError `data-dir-in-use` while its owner lives; `data-dir-not-writable`, also when it links
 * to a database in a place that was not made for it
 */
export async function removeEmbeddedPostgres(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const layout = await openDataDir(path);
  const { dataDir, clusterLink, unfinishedLink, passwordFile, logFile } = layout;
  const lock = await acquireOwnerLock(dataDir);
  try {
    await linkCluster(layout);
    const clusterDir = await realpath(clusterLink).catch(() => undefined);
    if (clusterDir !== undefined) await removeCluster(clusterDir, dataDir);
    const begun = await readlink(unfinishedLink).catch(() => undefined);
    if (begun !== undefined) await removePlace(dirname(begun));
    const ours = (name: string) => name.startsWith(unfinishedPrefix) || name.startsWith('postgresql-');
    const others = (await readdir(dataDir)).filter(ours).map((name) => join(dataDir, name));
    for (const file of [clusterLink, unfinishedLink, passwordFile, logFile, `${logFile}.1`, ...others]) {
      await rm(file, { recursive: true, force: true });
    }
  } finally {
    await lock.release();
  }
  await rmdir(dataDir).catch(() => undefined);
}

async function removeCluster(clusterDir: string, dataDir: string): Promise<void> {
  const home = dirname(clusterDir);
  // A link can be anybody's, and lead anywhere.
  if (home !== dataDir && (await ownerOfPlace(home)) === undefined) {
    throw new EmbeddedPostgresError(
      'data-dir-not-writable',
      `The data directory ${dataDir} links to ${clusterDir}, a place that was not made for it; remove that yourself, and the link.`,
    );
  }
  const lock = await acquireOwnerLock(clusterDir);
  try {
    await stopLeftover(clusterDir, (await findBinaries()).pgCtl);
    // Half a database must never be found under its name.
    const doomed = join(home, `${unfinishedPrefix}${randomUUID()}`);
    await rename(clusterDir, doomed);
    await rm(doomed, { recursive: true });
  } finally {
    await lock.release();
  }
  await removePlace(home);
}

async function removePlace(home: string): Promise<void> {
  if ((await ownerOfPlace(home)) === undefined) return;
  await rm(home, { recursive: true });
  await rmdir(dirname(home)).catch(() => undefined);
}
