import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reachablePlace } from './reachable-place.js';
import { systemUserFor, type SystemUser } from './system-user.js';

describe.skipIf(process.geteuid?.() !== 0)('as root', () => {
  let dir: string;
  let user: SystemUser | undefined;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'giro-test-'));
    await chmod(dir, 0o755);
    user = await systemUserFor(join(dir, 'none'));
  });

  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  test('a place is made so that all may pass and only root may write, and is found again', async () => {
    const place = join(dir, 'place');
    expect(await reachablePlace(user, [join(dir, 'no', 'such'), place])).toBe(place);
    const { uid, mode } = await stat(place);
    expect([uid, mode & 0o777]).toEqual([0, 0o755]);
    expect(await reachablePlace(user, [place])).toBe(place);
  });

  test('a place of somebody else, or that anybody may write to, or a link, is passed over', async () => {
    const [foreign, open, link, good] = ['foreign', 'open', 'link', 'good'].map((name) =>
      join(dir, name),
    ) as [string, string, string, string];
    await mkdir(foreign);
    await chown(foreign, user?.uid ?? 1, 0);
    await mkdir(open);
    await chmod(open, 0o777);
    await symlink(dir, link);
    expect(await reachablePlace(user, [foreign, open, link, good])).toBe(good);
    await expect(reachablePlace(user, [foreign, open, link])).rejects.toMatchObject({
      reason: 'data-dir-unreachable',
      message: expect.stringContaining('somebody else') as string,
    });
  });
});
