import { expect, test } from 'vitest';
import { mayShare, sharedTrace } from './trace-headers.js';

const trace = (flags: string) => `00-${'a'.repeat(32)}-${'b'.repeat(16)}-${flags}`;

test.for<[Record<string, string> | undefined, boolean]>([
  [undefined, true],
  [{}, true],
  [{ traceparent: trace('01'), tracestate: 'a=b' }, true],
  [{ 'x-tenant': 'acme' }, false],
])('calls with headers %o may share a request: %o', ([headers, shared]) => {
  expect(mayShare(headers)).toBe(shared);
});

test('a request of several calls belongs to the first trace that is sampled, else to the first', () => {
  const calls = (...flags: (string | undefined)[]) =>
    flags.map((each) => ({ limits: each === undefined ? {} : { headers: { traceparent: trace(each) } } }));
  expect(sharedTrace(calls(undefined, '00', '01', '03'))).toEqual({ traceparent: trace('01') });
  expect(sharedTrace(calls(undefined, '00', '02'))).toEqual({ traceparent: trace('00') });
  expect(sharedTrace(calls(undefined))).toBeUndefined();
});
