import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { BankError } from '../errors/bank-error.js';
import { UnknownOutcomeError } from '../errors/failures.js';
import { RefusalError } from '../errors/refusal-error.js';
import { IdReusedError } from '../errors/refusals.js';
import { RetryInfo } from '../gen/google/rpc/error_details.js';
import { Status } from '../gen/google/rpc/status.js';
import { errorOf, failureOf, localFailure, type FailedCall } from './failure.js';
import { namedStatus, refusal, type StatusError } from './scripted-server.fixture.js';

const read: FailedCall = { where: '/giro.v1.X/Get', attempts: 1, writeId: undefined, mayBeApplied: false };
const write: FailedCall = { where: '/giro.v1.X/Put', attempts: 2, writeId: 'w', mayBeApplied: true };

function serviceError(answer: StatusError['answer']): ServiceError {
  const { code = status.UNKNOWN, details = '', metadata = new Metadata() } = answer;
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}

function plain(code: status, details = 'plain'): ServiceError {
  return serviceError({ code, details });
}

describe('a status with a reason of the catalogue', () => {
  test('becomes its typed error, with place, cause and what the server said', () => {
    const cause = serviceError(refusal('ID_REUSED', { id: 'w', field: 'amount' }, true).answer);
    const error = errorOf(failureOf(cause, true), { ...write, mayBeApplied: false });
    expect(error).toBeInstanceOf(IdReusedError);
    expect(error).toMatchObject({ id: 'w', field: 'amount', replayed: true, attempts: 2, cause });
    expect(error.metadata).toEqual({ id: 'w', field: 'amount' });
    expect(error.message).toContain('/giro.v1.X/Put ID_REUSED: id w was used before with another amount');
  });

  test('counts for more than the code beside it', () => {
    const answer = namedStatus(status.INTERNAL, 'INSUFFICIENT_FUNDS', 'no', {}).answer;
    expect(failureOf(serviceError(answer), true).reason).toBe('INSUFFICIENT_FUNDS');
  });

  test('says whether the write may have been applied all the same', () => {
    const mayBeApplied = (reason: Parameters<typeof refusal>[0]) =>
      failureOf(serviceError(refusal(reason).answer), true).mayBeApplied;
    expect(mayBeApplied('OUTCOME_UNKNOWN')).toBe(true);
    expect(mayBeApplied('DEADLINE_EXCEEDED')).toBe(true);
    expect(mayBeApplied('UNAVAILABLE')).toBe(false);
    expect(mayBeApplied('OVERLOADED')).toBe(false);
    expect(mayBeApplied('INTERNAL')).toBe(false);
    expect(mayBeApplied('INSUFFICIENT_FUNDS')).toBe(false);
  });
});

describe('a reason that this version does not know', () => {
  test('is a refusal that names it, if the code says no', () => {
    const answer = namedStatus(status.FAILED_PRECONDITION, 'ACCOUNT_MELTED', 'it has melted', {
      account: 'a',
    }).answer;
    const failure = failureOf(serviceError(answer), true);
    expect(failure.mayBeApplied).toBe(false);
    const error = errorOf(failure, { ...write, mayBeApplied: false });
    expect(error).toBeInstanceOf(RefusalError);
    expect(error).toMatchObject({ reason: 'REFUSED', rawMessage: 'it has melted' });
    expect(error.metadata).toMatchObject({ reason: 'ACCOUNT_MELTED', account: 'a' });
  });

  test('goes by its code otherwise', () => {
    const answer = namedStatus(status.UNAVAILABLE, 'MOVED', 'moved').answer;
    expect(failureOf(serviceError(answer), true)).toMatchObject({
      reason: 'UNAVAILABLE',
      mayBeApplied: true,
    });
  });
});

describe('a status without a reason', () => {
  test.for<[status, string, boolean]>([
    [status.CANCELLED, 'UNAVAILABLE', true],
    [status.UNKNOWN, 'INTERNAL', true],
    [status.INVALID_ARGUMENT, 'INVALID_FIELD', false],
    [status.DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED', true],
    [status.NOT_FOUND, 'REFUSED', false],
    [status.ALREADY_EXISTS, 'REFUSED', false],
    [status.PERMISSION_DENIED, 'REFUSED', false],
    [status.RESOURCE_EXHAUSTED, 'OVERLOADED', true],
    [status.FAILED_PRECONDITION, 'REFUSED', false],
    [status.ABORTED, 'UNAVAILABLE', true],
    [status.OUT_OF_RANGE, 'REFUSED', false],
    [status.UNIMPLEMENTED, 'NOT_FOUND', false],
    [status.INTERNAL, 'INTERNAL', true],
    [status.UNAVAILABLE, 'UNAVAILABLE', true],
    [status.DATA_LOSS, 'INTERNAL', true],
    [status.UNAUTHENTICATED, 'UNAUTHENTICATED', false],
  ])('code %i is %s', ([code, reason, mayBeApplied]) => {
    expect(failureOf(plain(code), true)).toMatchObject({ reason, mayBeApplied, settlesId: false });
  });

  test.for([status.PERMISSION_DENIED, status.NOT_FOUND, status.ALREADY_EXISTS])(
    'code %i uses no id up',
    (code) => {
      const error = errorOf(failureOf(plain(code), true), { ...write, mayBeApplied: false });
      expect(error).toBeInstanceOf(RefusalError);
      expect(error).toMatchObject({ reason: 'REFUSED', frozen: false });
      expect(error.message).toContain('in front of the bank');
    },
  );

  test('may ask by google.rpc.RetryInfo to be left alone, for which the trailer counts more', () => {
    const value = RetryInfo.encode({ retryDelay: { seconds: 1n, nanos: 500_000_000 } }).finish();
    const details = [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value: Buffer.from(value) }];
    const metadata = new Metadata();
    const bytes = Status.encode({ code: status.UNAVAILABLE, message: '', details }).finish();
    metadata.set('grpc-status-details-bin', Buffer.from(bytes));
    const error = serviceError({ code: status.UNAVAILABLE, details: 'busy', metadata });
    expect(failureOf(error, true)).toMatchObject({ reason: 'UNAVAILABLE', pushbackMs: 1_500 });
    metadata.set('grpc-retry-pushback-ms', '70');
    expect(failureOf(error, true).pushbackMs).toBe(70);
  });

  test('a stream reset is a lost connection, an oversized answer is too large', () => {
    expect(failureOf(plain(status.INTERNAL, 'Received RST_STREAM with code 2'), true).reason).toBe(
      'UNAVAILABLE',
    );
    const oversized = plain(status.RESOURCE_EXHAUSTED, 'Received message larger than max (9 vs 4)');
    expect(failureOf(oversized, true)).toMatchObject({ reason: 'PAYLOAD_TOO_LARGE', mayBeApplied: true });
  });

  test.for(['No message received', 'Too many responses received'])(
    'of a call that went well but for its answer leaves the outcome open: %s',
    (details) => {
      const failure = failureOf(plain(status.UNIMPLEMENTED, details), true);
      expect(failure).toMatchObject({ reason: 'INTERNAL', mayBeApplied: true });
    },
  );

  test('of a request that never left is unavailable and not applied, whatever the code', () => {
    const failure = failureOf(plain(status.INTERNAL, 'Failed to start HTTP/2 stream'), false);
    expect(failure).toMatchObject({ reason: 'UNAVAILABLE', mayBeApplied: false, sent: false });
  });

  test('damaged details do not hide it', () => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from('\xff\xff\xff'));
    const damaged = serviceError({ code: status.UNAVAILABLE, details: 'gone', metadata });
    expect(failureOf(damaged, true)).toMatchObject({ reason: 'UNAVAILABLE', message: 'gone' });
  });
});

describe('errorOf', () => {
  const lost = localFailure('UNAVAILABLE', 'gone', { sent: true });

  test('a write that may have been applied is of unknown outcome', () => {
    const error = errorOf(lost, write);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({
      id: 'w',
      reason: 'OUTCOME_UNKNOWN',
      metadata: { id: 'w', problem: 'gone' },
    });
  });

  test('a read never is', () => {
    const error = errorOf(lost, { ...read, mayBeApplied: true });
    expect(error).toBeInstanceOf(BankError);
    expect(error.reason).toBe('UNAVAILABLE');
  });
});
