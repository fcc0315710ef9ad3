import { chmod, cp, mkdir, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBinaries, makeRunnable, type Binaries } from './binaries.js';
import { systemUserFor } from './system-user.js';

vi.setConfig({ testTimeout: 60_000 });

const isRoot = process.geteuid?.() === 0;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'giro-test-'));
  await chmod(root, 0o755);
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('finds the binaries of this platform', async () => {
  expect(await findBinaries()).toMatchObject({
    major: '18',
    version: expect.stringMatching(/^18\./) as string,
  });
});

test('makes the library links that an install without scripts lacks', async () => {
  const { binaries, libraries } = await installWithoutLinks('package');
  const before = await linksIn(libraries);
  const found = await makeRunnable(binaries, undefined, neverCopied);
  expect(found).toBe(binaries);
  const links = await linksIn(libraries);
  expect(before).toEqual([]);
  expect(links).toContain('libicui18n.so.60');
  expect(await readlink(join(libraries, 'libicui18n.so.60'))).toMatch(/^libicui18n\.so\.60\.\d+$/);
});

test.skipIf(!isRoot)(
  'copies what the system user cannot reach, once, so that only root can change it',
  async () => {
    const { binaries } = await installWithoutLinks('private');
    await chmod(join(root, 'private'), 0o700);
    const place = join(root, 'place');
    await mkdir(place, { mode: 0o755 });
    const user = await systemUserFor(join(root, 'none'));
    const copy = await makeRunnable(binaries, user, () => Promise.resolve(place));
    expect(copy.postgres.startsWith(place)).toBe(true);
    const { uid, mode } = await stat(copy.postgres);
    expect([uid, mode & 0o777]).toEqual([0, 0o755]);

    expect(await makeRunnable(binaries, user, () => Promise.resolve(place))).toEqual(copy);
    expect(await readdir(place)).toHaveLength(1);
  },
);

test('says so when they do not run on this system', async () => {
  const { binaries } = await installWithoutLinks('broken');
  await rm(join(binaries.nativeDir, 'lib'), { recursive: true });
  await mkdir(join(binaries.nativeDir, 'lib'));
  await expect(makeRunnable(binaries, undefined, neverCopied)).rejects.toMatchObject({
    reason: 'binaries-missing',
  });
});

const neverCopied = () => Promise.reject(new Error('nothing to copy'));

async function installWithoutLinks(name: string): Promise<{ binaries: Binaries; libraries: string }> {
  const installed = await findBinaries();
  const nativeDir = join(root, name, 'native');
  const libraries = join(nativeDir, 'lib');
  await cp(installed.nativeDir, nativeDir, { recursive: true, verbatimSymlinks: true });
  for (const link of await linksIn(libraries)) await rm(join(libraries, link));
  const moved = (path: string) => join(nativeDir, relative(installed.nativeDir, path));
  const { postgres, initdb, pgCtl } = installed;
  const programs = { postgres: moved(postgres), initdb: moved(initdb), pgCtl: moved(pgCtl) };
  return { binaries: { ...installed, nativeDir, ...programs }, libraries };
}

async function linksIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name);
}
