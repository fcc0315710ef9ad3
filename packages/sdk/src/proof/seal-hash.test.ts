import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { NO_SEAL, sealHash, type SealParts } from './seal-hash.js';

const parts: SealParts = {
  branch: 17,
  first: 258,
  last: 300,
  root: Buffer.alloc(32, 0xaa),
  previous: Buffer.alloc(32, 0xbb),
};

test('the hash of a seal is that of these bytes for ever (R9)', () => {
  const bytes = Buffer.concat([
    Buffer.from('giro seal 1\n'),
    Buffer.from('0011' + '0000000000000102' + '000000000000012c', 'hex'),
    Buffer.alloc(32, 0xaa),
    Buffer.alloc(32, 0xbb),
  ]);
  expect(sealHash(parts)).toEqual(createHash('sha256').update(bytes).digest());
});

test.for<[keyof SealParts, Partial<SealParts>]>([
  ['branch', { branch: 18 }],
  ['first', { first: 257 }],
  ['last', { last: 301 }],
  ['root', { root: Buffer.alloc(32, 0xab) }],
  ['previous', { previous: NO_SEAL }],
])('the hash of a seal depends on its %s', ([, other]) => {
  expect(sealHash({ ...parts, ...other })).not.toEqual(sealHash(parts));
});

test('before the first seal there are 32 zero bytes', () => {
  expect(NO_SEAL).toEqual(new Uint8Array(32));
});
