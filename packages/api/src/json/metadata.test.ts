import { expect, test } from 'vitest';
import { validate } from '../http/validate.js';
import { metadataInput } from './metadata.js';

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));

test.each([{}, { invoice: '7' }, { ['k'.repeat(64)]: 'v'.repeat(256) }, { empty: '' }, pairs(16)])(
  'metadata may be %j',
  (metadata) => {
    expect(validate(metadataInput, metadata, 'metadata')).toEqual(metadata);
  },
);

test.each([
  ['{"": "x"}', 'metadata: has a key that must be at least 1 characters long'],
  [JSON.stringify({ ['k'.repeat(65)]: 'v' }), 'metadata: has a key that must be at most 64 characters long'],
  ['{"__proto__": "x", "a": "b"}', '__proto__: is not taken as a key'],
  ['{"a": 5}', 'a: must be a string, not a number'],
  ['{"a": null}', 'a: must be a string, not null'],
  [JSON.stringify({ a: 'v'.repeat(257) }), 'a: must be at most 256 characters long'],
  ['[]', 'metadata: must be an object, not an array'],
  ['"text"', 'metadata: must be an object, not a string'],
  [JSON.stringify(pairs(17)), 'metadata: must have at most 16 pairs'],
])('metadata may not be %s', (text, sentence) => {
  expect(() => validate(metadataInput, JSON.parse(text), 'metadata')).toThrow(
    expect.objectContaining({
      error: expect.objectContaining({ rawMessage: sentence }) as unknown,
    }) as Error,
  );
});
