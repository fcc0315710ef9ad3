import { expect, test } from 'vitest';
import { ExecuteBatchResponse } from '../gen/giro/v1/transfer_service.js';
import { applied, refused } from './batch.fixture.js';
import { jointWrites } from './joint-writes.js';

const outcomes = [applied('a'), refused('INSUFFICIENT_FUNDS', { account: '1-1-95' }), applied('b')];
const answer = ExecuteBatchResponse.encode({ outcomes }).finish();

function split(bytes: Uint8Array, count = outcomes.length) {
  return [...jointWrites.split(bytes, Array<number>(count).fill(1))];
}

test('an answer is taken apart as the protocol decodes it', () => {
  expect(split(answer)).toEqual(ExecuteBatchResponse.decode(answer).outcomes);
  expect(split(Buffer.alloc(0), 0)).toEqual([]);
});

test('what a newer server adds to an answer is passed over', () => {
  const addedFields = Buffer.from([(2 << 3) | 0, 7, (3 << 3) | 2, 2, 0x0a, 0]);
  expect(split(Buffer.concat([addedFields, answer, addedFields]))).toEqual(outcomes);
});

test.for([outcomes.length - 1, outcomes.length + 1])('an answer of three is none to %i writes', (count) => {
  expect(() => split(answer, count)).toThrow(`3 outcomes for ${count} commands`);
});

test('an answer that is cut off is damaged before its first part is taken', () => {
  const writes = Array<number>(outcomes.length).fill(1);
  expect(() => jointWrites.split(answer.subarray(0, -1), writes)).toThrow();
});
