import { expect, test } from 'vitest';
import { newWriteId, normalizeWriteId } from './write-id.js';

test('new ids are UUIDs of version 7, each later than the one before', () => {
  const ids = Array.from({ length: 1_000 }, newWriteId);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a UUID of any version is brought to lower case', () => {
  expect(normalizeWriteId('F47AC10B-58CC-4372-A567-0E02B2C3D479')).toBe(
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  );
  expect(normalizeWriteId('00000000-0000-0000-0000-000000000000')).toBe(
    '00000000-0000-0000-0000-000000000000',
  );
});

test.for([
  '',
  'order-17',
  'f47ac10b58cc4372a5670e02b2c3d479',
  '{f47ac10b-58cc-4372-a567-0e02b2c3d479}',
  'f47ac10b-58cc-4372-a567-0e02b2c3d479\n',
  'g47ac10b-58cc-4372-a567-0e02b2c3d479',
])('%o is no UUID', (id) => {
  expect(normalizeWriteId(id)).toBeUndefined();
});
