import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { databaseTrouble } from './database-trouble.js';
import { StoreError } from './store.js';

test.each([
  ['53100', 'its disk is full', true],
  ['25006', 'it is read-only', true],
  ['53300', 'it has no connection left', true],
  ['57P03', 'what it said', true],
  ['55P03', 'what it said', true],
  ['55000', 'what it said', true],
  ['28P01', 'what it said', false],
  ['3D000', 'what it said', false],
  ['42501', 'what it said', false],
])('%s: %s, passing: %s', (code, reason, passing) => {
  const trouble = databaseTrouble(new StoreError('unavailable', databaseError(code)));
  expect(trouble).toMatchObject({ reason, passing });
  expect(trouble.condition).toBe(reason === 'what it said' ? undefined : reason);
});

test('a database that cannot be reached may come back', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
  expect(databaseTrouble(new AggregateError([refused, refused]))).toEqual({
    reason: refused.message,
    condition: undefined,
    passing: true,
  });
});

function databaseError(code: string): DatabaseError {
  const error = new DatabaseError('what it said', 0, 'error');
  error.code = code;
  return error;
}
