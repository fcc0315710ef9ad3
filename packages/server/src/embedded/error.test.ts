import { expect, test } from 'vitest';
import { dataDirError, isDiskFull } from './error.js';

test('a full disk is told apart from a directory that may not be written, and both from other errors', () => {
  const system = (code: string, message: string) =>
    Object.assign(new Error(message), { code, syscall: 'mkdir' });
  expect(dataDirError('/d', system('ENOSPC', 'ENOSPC: no space left on device'))).toMatchObject({
    reason: 'disk-full',
  });
  expect(dataDirError('/d', system('EROFS', 'EROFS: read-only file system'))).toMatchObject({
    reason: 'data-dir-not-writable',
    message: expect.stringContaining('read-only') as string,
  });
  const other = new TypeError('not a matter of files');
  expect(dataDirError('/d', other)).toBe(other);
});

test("PostgreSQL's words for a full disk are known", () => {
  expect(isDiskFull('initdb: error: could not write to file "x": No space left on device')).toBe(true);
  expect(isDiskFull('FATAL:  data directory "x" has wrong ownership')).toBe(false);
});
