import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { storeError } from './failure.js';
import { StoreError } from './store.js';

function sqlError(code: string): DatabaseError {
  const error = new DatabaseError('something', 0, 'error');
  error.code = code;
  return error;
}

describe('what an error means for the transaction', () => {
  it.each([
    ['serialization failure', '40001', 'conflict', 'conflict'],
    ['deadlock', '40P01', 'conflict', 'conflict'],
    ['lock timeout', '55P03', 'conflict', 'conflict'],
    ['a missed fence (trap 3)', '22012', 'conflict', 'conflict'],
    ['a value out of range (trap 7)', '22003', 'rejected', 'rejected'],
    ['a violated constraint (trap 7)', '23514', 'rejected', 'rejected'],
    ['a full disk', '53100', 'unavailable', 'unavailable'],
    ['a read-only standby', '25006', 'unavailable', 'unavailable'],
    ['the end of the session by an administrator', '57P01', 'unavailable', 'unknown'],
    ['a crash', '57P02', 'unavailable', 'unknown'],
    ['idling in the transaction', '25P03', 'unavailable', 'unknown'],
    ['an internal error', 'XX000', 'unavailable', 'unknown'],
    ['a commit of unknown end', '40003', 'unavailable', 'unknown'],
  ] as const)('%s', (_what, code, before, after) => {
    expect(storeError(sqlError(code), { alive: true, commitSent: false }).failure).toBe(before);
    expect(storeError(sqlError(code), { alive: true, commitSent: true }).failure).toBe(after);
  });

  it.each([
    [{ alive: false, commitSent: false }, 'unavailable'],
    [{ alive: false, commitSent: true }, 'unknown'],
    // Nothing was lost: what was loaded or decided is at fault.
    [{ alive: true, commitSent: false }, 'rejected'],
    [{ alive: true, commitSent: true }, 'unknown'],
  ] as const)('an error that is not the database’s, at %j, is %s', (progress, failure) => {
    expect(storeError(new Error('read ECONNRESET'), progress).failure).toBe(failure);
  });

  it('keeps what has been said already, and the cause', () => {
    const conflict = new StoreError('conflict', 'the commit was answered by ROLLBACK');
    expect(storeError(conflict, { alive: false, commitSent: true })).toBe(conflict);
    const cause = sqlError('23514');
    expect(storeError(cause, { alive: true, commitSent: true })).toMatchObject({
      cause,
      message: 'rejected: something',
    });
  });
});
