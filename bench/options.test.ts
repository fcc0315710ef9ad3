import { expect, it } from 'vitest';
import { parseOptions } from './options.js';

const parse = (...args: string[]) => parseOptions(['node', 'main.ts', ...args]);

it('takes five runs of three seconds by default', () => {
  expect(parse()).toMatchObject({ runs: 5, seconds: 3, accounts: 10_000 });
});

it('takes one short run to be quick', () => {
  expect(parse('--quick', '--only', '^hot')).toMatchObject({ runs: 1, seconds: 2, only: /^hot/ });
});

it.each([
  ['10M', 10_000_000],
  ['50k', 50_000],
  ['7', 7],
])('reads %s transfers', (text, count) => {
  expect(parse('--grow', text).grow).toBe(count);
});

it.each([
  ['10m', 600_000],
  ['30s', 30_000],
])('reads %s of load', (text, timeMs) => {
  expect(parse('--soak', text).soak).toBe(timeMs);
});
