import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireOwnerLock, type OwnerLock } from './owner-lock.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'giro-test-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('of many who come at once, one wins', async () => {
  for (let round = 0; round < 5; round++) {
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => acquireOwnerLock(dir)));
    const winners = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ reason: 'data-dir-in-use' });
    }
    await winners[0]?.value.release();
    expect(await readdir(dir)).toEqual([]);
  }
});

test('what a killed owner left is no proof of life, and is cleared away', async () => {
  const name = 'owner-0000000000000000.sock';
  const listen = `require('net').createServer().listen(${JSON.stringify(join(dir, name))}, () => console.log('up'))`;
  const owner = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  await expect(acquireOwnerLock(dir)).rejects.toMatchObject({ reason: 'data-dir-in-use' });
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const lock = await acquireOwnerLock(dir);
  expect(await readdir(dir)).not.toContain(name);
  await lock.release();
});

test('an owner that does not answer is an owner', async () => {
  const file = join(dir, 'owner-0000000000000000.sock');
  const stopped = `require('net').createServer().listen(${JSON.stringify(file)}, () => console.log('up'))`;
  const owner = spawn(process.execPath, ['-e', stopped], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  owner.kill('SIGSTOP');
  await expect(acquireOwnerLock(dir)).rejects.toMatchObject({ reason: 'data-dir-in-use' });
  owner.kill('SIGKILL');
  await once(owner, 'exit');
});

test('a directory whose path is longer than any socket may have can be owned', async () => {
  const deep = join(dir, 'd'.repeat(100), 'e'.repeat(100));
  await mkdir(deep, { recursive: true });
  const lock: OwnerLock = await acquireOwnerLock(deep);
  await expect(acquireOwnerLock(deep)).rejects.toMatchObject({ reason: 'data-dir-in-use' });
  await lock.release();
});
