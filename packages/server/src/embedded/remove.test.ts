import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireOwnerLock } from './owner-lock.js';
import { removeEmbeddedPostgres } from './remove.js';

let root: string;
let dataDir: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'giro-test-'));
  dataDir = join(root, 'data');
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

test('removes what a start makes, even one that was cut off, and nothing else', async () => {
  await removeEmbeddedPostgres(dataDir);
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  await mkdir(join(dataDir, 'postgres.unfinished-abc'));
  await writeFile(join(dataDir, 'password'), 'x');
  await writeFile(join(dataDir, 'notes'), 'of the user');
  await removeEmbeddedPostgres(dataDir);
  expect(existsSync(join(dataDir, 'notes'))).toBe(true);
  await rm(join(dataDir, 'notes'));
  await removeEmbeddedPostgres(dataDir);
  expect(existsSync(dataDir)).toBe(false);
});

test('does not follow a link to a place that was not made for the data directory', async () => {
  const elsewhere = join(root, 'elsewhere');
  await mkdir(elsewhere);
  await mkdir(dataDir);
  await symlink(elsewhere, join(dataDir, 'postgres'));
  await expect(removeEmbeddedPostgres(dataDir)).rejects.toMatchObject({ reason: 'data-dir-not-writable' });
  expect(existsSync(elsewhere)).toBe(true);
});

test('is refused while the data directory has an owner', async () => {
  await mkdir(dataDir);
  const lock = await acquireOwnerLock(dataDir);
  await expect(removeEmbeddedPostgres(dataDir)).rejects.toMatchObject({ reason: 'data-dir-in-use' });
  await lock.release();
});
