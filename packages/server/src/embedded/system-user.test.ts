import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canReach, systemUserFor } from './system-user.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'giro-test-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe.skipIf(process.geteuid?.() !== 0)('as root', () => {
  test('takes the first user that there is, and refuses to go on without one', async () => {
    const none = join(dir, 'none');
    expect(await systemUserFor(none, ['no-such-user', 'nobody'])).toMatchObject({ name: 'nobody' });
    await expect(systemUserFor(none, ['no-such-user', 'root'])).rejects.toMatchObject({
      reason: 'no-system-user',
    });
  });

  test('a cluster keeps the user it belongs to, which must have a name and not be root', async () => {
    const nobody = await systemUserFor(join(dir, 'none'), ['nobody']);
    await chown(dir, nobody?.uid ?? 0, 0);
    expect(await systemUserFor(dir)).toEqual(nobody);
    await chown(dir, 54_321, 0);
    await expect(systemUserFor(dir)).rejects.toMatchObject({ reason: 'no-system-user' });
    await chown(dir, 0, 0);
    await expect(systemUserFor(dir)).rejects.toMatchObject({
      message: expect.stringContaining('chown') as string,
    });
  });

  test('knows what that user can reach', async () => {
    const user = await systemUserFor(join(dir, 'none'));
    await mkdir(join(dir, 'open'));
    await chmod(dir, 0o755);
    expect(await canReach(join(dir, 'open'), user)).toBe(true);
    await chmod(dir, 0o700);
    expect(await canReach(join(dir, 'open'), user)).toBe(false);
  });
});

test.skipIf(process.geteuid?.() === 0)('an ordinary user stays what it is', async () => {
  expect(await systemUserFor(dir)).toBeUndefined();
});
