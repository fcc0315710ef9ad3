import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stopLeftover } from './leftover.js';
import { proveLife } from './proof-of-life.js';

let clusterDir: string;

beforeEach(async () => {
  clusterDir = await mkdtemp(join(tmpdir(), 'giro-test-'));
});

afterEach(async () => {
  await rm(clusterDir, { recursive: true });
});

test('waits for a guardian at work, even one whose processes it cannot see', async () => {
  const guardian = await proveLife(clusterDir, 'guardian');
  let done = false;
  const stopped = stopLeftover(clusterDir, 'no pg_ctl').then(() => (done = true));
  await sleep(200);
  expect(done).toBe(false);
  await guardian.end();
  await stopped;
});

test('clears away a dead guardian, and a process id that means nothing', async () => {
  const own = `${String(process.pid)}\n${clusterDir}\n`;
  await writeFile(join(clusterDir, 'postmaster.pid'), own);
  await writeFile(join(clusterDir, 'guardian-0123456789abcdef.sock'), '');
  expect(await stopLeftover(clusterDir, 'no pg_ctl')).toBeUndefined();
  expect(await readdir(clusterDir)).toEqual([]);
});
