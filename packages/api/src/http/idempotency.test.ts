import { expect, test } from 'vitest';
import { commandId, writeIdOf } from './idempotency.js';

const BATCH = '0199e0a4-6c1e-7cc3-98c4-dc0c0c07398f';

test('a key is the id, in lower case, with or without quotes', () => {
  expect(writeIdOf(BATCH.toUpperCase())).toBe(BATCH);
  expect(writeIdOf(`"${BATCH}"`)).toBe(BATCH);
});

test('any UUID will do', () => {
  for (const id of ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']) {
    expect(writeIdOf(id)).toBe(id);
  }
});

test('without a key there is a new id each time', () => {
  expect(writeIdOf(undefined)).not.toBe(writeIdOf(undefined));
});

test("commands' ids follow from the batch's, and are well-formed UUIDs of version 8", () => {
  const ids = Array.from({ length: 100 }, (_, index) => commandId(BATCH, index));
  expect(new Set(ids).size).toBe(100);
  expect(ids[0]).toBe('0157f275-f4ab-88d2-97f5-bf38daddf625');
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
