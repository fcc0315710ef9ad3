import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { RequestError } from '../request-error.js';
import { requireToken } from './bearer-token.js';

const KNOWN = ['0123456789abcdef', 'fedcba9876543210'];

function metadata(authorization?: string): Metadata {
  const sent = new Metadata();
  if (authorization !== undefined) sent.set('authorization', authorization);
  return sent;
}

test.each(['Bearer 0123456789abcdef', 'bearer fedcba9876543210', 'Bearer  fedcba9876543210'])(
  '%s gets in',
  (header) => {
    expect(() => {
      requireToken(() => KNOWN)(metadata(header));
    }).not.toThrow();
  },
);

test.each([
  [undefined, 'there is no token'],
  ['Basic 0123456789abcdef', 'no ‘Bearer’ and a token'],
  ['Bearer', 'no ‘Bearer’ and a token'],
  ['Bearer 0123456789abcde', 'not known'],
  ['Bearer 0123456789abcdef0', 'not known'],
  ['Bearer 0123456789ABCDEF', 'not known'],
])('%s does not', (header, problem) => {
  const check = () => {
    requireToken(() => KNOWN)(metadata(header));
  };
  expect(check).toThrow(RequestError);
  expect(check).toThrow(expect.objectContaining({ reason: 'UNAUTHENTICATED' }));
  expect(check).toThrow(problem.replaceAll(/[‘’]/g, "'"));
});

test('what is known may change at any time', () => {
  let known = KNOWN;
  const check = requireToken(() => known);
  check(metadata(`Bearer ${KNOWN[0]}`));
  known = ['another-token-of-16'];
  expect(() => {
    check(metadata(`Bearer ${KNOWN[0]}`));
  }).toThrow('not known');
  check(metadata('Bearer another-token-of-16'));
});
