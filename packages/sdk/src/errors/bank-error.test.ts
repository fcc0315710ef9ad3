import { describe, expect, test } from 'vitest';
import { catalogue, type Reason, type ReasonMetadata } from '../catalogue/catalogue.js';
import { backoffs } from '../client/retry-policy.js';
import { BankError } from './bank-error.js';
import { errorFor } from './error-for.js';
import { InvalidArgumentError, invalidField, UnknownOutcomeError } from './failures.js';
import { RefusalError } from './refusal-error.js';
import { InsufficientFundsError } from './refusals.js';

describe('BankError', () => {
  test('says where, why, what, and what to do', () => {
    const cause = new Error('below');
    const error = new BankError({
      reason: 'UNAVAILABLE',
      metadata: { problem: 'no route' },
      where: '/giro.v1.X/Y',
      attempts: 4,
      cause,
    });
    expect(error.message).toBe(
      '/giro.v1.X/Y UNAVAILABLE: no route. Call again, a write with the same id; the SDK does so by itself within the deadline.',
    );
    expect(error).toMatchObject({
      name: 'BankError',
      reason: 'UNAVAILABLE',
      rawMessage: 'no route',
      attempts: 4,
      httpStatus: 503,
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toContain('bank-error.test');
  });

  test('says whether the same call may be made again, and under which id the server knows it', () => {
    const retryable = (reason: Reason, metadata: ReasonMetadata = {}) =>
      errorFor({ reason, metadata }).retryable;
    for (const reason of Object.keys(backoffs) as Reason[]) expect(retryable(reason, { id: 'a' })).toBe(true);
    expect(retryable('DEADLINE_EXCEEDED')).toBe(true);
    expect(retryable('OUTCOME_UNKNOWN', { id: '' })).toBe(false);
    for (const reason of ['INSUFFICIENT_FUNDS', 'INVALID_FIELD', 'UNAUTHENTICATED', 'INTERNAL'] as const)
      expect(retryable(reason)).toBe(false);
    expect(errorFor({ reason: 'INTERNAL', metadata: { request_id: 'r-1' } }).requestId).toBe('r-1');
    expect(errorFor({ reason: 'INTERNAL' }).requestId).toBeUndefined();
  });

  test('prefers the sentence of the server', () => {
    const error = new BankError({ reason: 'INTERNAL', rawMessage: 'see the log of request 7' });
    expect(error.rawMessage).toBe('see the log of request 7');
  });

  test('instanceof follows the classes', () => {
    const error = new InsufficientFundsError({ reason: 'INSUFFICIENT_FUNDS' });
    expect(error).toBeInstanceOf(InsufficientFundsError);
    expect(error).toBeInstanceOf(RefusalError);
    expect(error).toBeInstanceOf(BankError);
    expect(error).not.toBeInstanceOf(InvalidArgumentError);
    expect(new BankError({ reason: 'INTERNAL' })).not.toBeInstanceOf(RefusalError);
    for (const other of [null, undefined, 5, 'BankError', {}, Object.create(null), new Error('x')]) {
      expect(other instanceof BankError).toBe(false);
    }
  });

  test('instanceof holds for another copy of the class, and not for a subclass without a brand of its own', () => {
    class Copy extends Error {
      static readonly brand = 'BankError';
    }
    class Mine extends RefusalError {}
    expect(new Copy()).toBeInstanceOf(BankError);
    expect(new Mine({ reason: 'INSUFFICIENT_CASH' })).toBeInstanceOf(Mine);
    expect(new Mine({ reason: 'INSUFFICIENT_CASH' })).toBeInstanceOf(RefusalError);
    expect(new RefusalError({ reason: 'INSUFFICIENT_CASH' })).not.toBeInstanceOf(Mine);
  });
});

describe('errorFor', () => {
  test.for(Object.keys(catalogue) as Reason[])(
    '%s gets an error of its reason, whatever is missing',
    (reason) => {
      const error = errorFor({ reason });
      expect(error).toBeInstanceOf(BankError);
      expect(error).toMatchObject({ reason, httpStatus: catalogue[reason].http });
    },
  );

  test('a refusal knows its id, and whether it uses that up', () => {
    const frozen = errorFor({ reason: 'INSUFFICIENT_FUNDS', id: 'w', replayed: true });
    expect(frozen).toMatchObject({ id: 'w', replayed: true, frozen: true });
    expect(errorFor({ reason: 'ID_REUSED', id: 'w' })).toMatchObject({
      id: 'w',
      replayed: false,
      frozen: false,
    });
  });

  test('details of the reason become properties', () => {
    const metadata = { account: '1-1-01', available: '9223372036854775807', needed: '1', currency: 'USD' };
    expect(errorFor({ reason: 'INSUFFICIENT_FUNDS', metadata })).toMatchObject({
      account: '1-1-01',
      available: { amount: 9_223_372_036_854_775_807n, currency: 'USD' },
    });
    expect(errorFor({ reason: 'INSUFFICIENT_CASH', metadata: { branch: '3' } })).toMatchObject({ branch: 3 });
    const mismatch = { account: 'a', currency: 'EUR', given: 'USD' };
    expect(errorFor({ reason: 'CURRENCY_MISMATCH', metadata: mismatch })).toMatchObject({
      account: 'a',
      currency: 'EUR',
    });
    expect(errorFor({ reason: 'CUSTOMER_NOT_FOUND', metadata: { customer: '4' } })).toMatchObject({
      customer: '4',
    });
  });

  test.for<[Reason, ReasonMetadata, object]>([
    ['BRANCH_CLOSED', { branch: '0' }, { branch: 0 }],
    ['BRANCH_NOT_EMPTY', { branch: '0', problem: 'cash' }, { branch: 0, problem: 'cash' }],
    ['ACCOUNT_FROZEN', { account: 'a' }, { account: 'a' }],
    ['ACCOUNT_CLOSED', { account: 'a' }, { account: 'a' }],
    [
      'ACCOUNT_NOT_EMPTY',
      { account: 'a', balance: '-5', currency: 'USD' },
      { account: 'a', balance: { amount: -5n, currency: 'USD' } },
    ],
    [
      'ACCOUNT_HAS_HOLDS',
      { account: 'a', held: '5', currency: 'USD' },
      { account: 'a', held: { amount: 5n, currency: 'USD' } },
    ],
    ['HOLD_NOT_FOUND', { branch: '0', hold: 'h' }, { branch: 0, hold: 'h' }],
    ['HOLD_CAPTURED', { hold: 'h', by: 'w' }, { hold: 'h', by: 'w' }],
    ['HOLD_RELEASED', { hold: 'h', by: 'w' }, { hold: 'h', by: 'w' }],
    ['HOLD_EXPIRED', { hold: 'h' }, { hold: 'h' }],
    [
      'CAPTURE_EXCEEDS_HOLD',
      { hold: 'h', held: '5', needed: '6', currency: 'USD' },
      { hold: 'h', held: { amount: 5n, currency: 'USD' } },
    ],
    ['ORIGINAL_NOT_FOUND', { branch: '0', original: 'o' }, { branch: 0, original: 'o' }],
    ['ALREADY_REVERSED', { original: 'o', by: 'w' }, { original: 'o', by: 'w' }],
    ['NOT_REVERSIBLE', { original: 'o', problem: 'no' }, { original: 'o', problem: 'no' }],
    [
      'PRECONDITION_FAILED',
      { account: 'a', condition: 'position', expected: '7', actual: '9' },
      { account: 'a', condition: 'position', expected: '7', actual: '9' },
    ],
    ['GROUP_FAILED', { member: '3', reason: 'HOLD_EXPIRED' }, { member: 3, results: [] }],
    ['POSITION_NOT_FOUND', { branch: '0', position: '9', last: '7' }, { branch: 0, position: 9n, last: 7n }],
    ['JOURNAL_DIVERGED', { branch: '0', position: '9' }, { branch: 0, position: 9n }],
  ])('%s %o', ([reason, metadata, properties]) => {
    const error = errorFor({ reason, metadata, id: 'w' });
    expect(error).toBeInstanceOf(RefusalError);
    expect(error).toMatchObject({ reason, id: 'w', ...properties });
    // A class of its own, under a name of its own, that minifiers leave alone.
    expect(error.name).not.toBe('RefusalError');
    expect(error.name).toBe((error.constructor as typeof BankError).brand);
  });

  test('damaged details do not hide the refusal', () => {
    const error = errorFor({ reason: 'INSUFFICIENT_FUNDS', metadata: { available: 'lots' } });
    expect(error).toBeInstanceOf(InsufficientFundsError);
    expect(error).toMatchObject({ available: { amount: 0n, currency: '' } });
  });
});

test('invalidField names the field and the problem', () => {
  expect(invalidField('amount', 'is missing')).toMatchObject({
    field: 'amount',
    message: expect.stringContaining('amount: is missing') as string,
  });
});

test('UnknownOutcomeError has the id of the write', () => {
  expect(new UnknownOutcomeError({ reason: 'OUTCOME_UNKNOWN', metadata: { id: 'w' } }).id).toBe('w');
  expect(new UnknownOutcomeError({ reason: 'OUTCOME_UNKNOWN' }).id).toBe('');
});
