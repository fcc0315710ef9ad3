import { expect, it } from 'vitest';
import { captureHold, deposit, group, openAccount, placeHold, transfer } from '../ledger/commands.fixture.js';
import type { Command } from '../ledger/command.js';
import { leadingBranches } from './leading-branches.js';

const account = (branch: number) => ({ branch, serial: 1 });
const move = (from: number, to: number) => transfer(account(from), account(to), 1n);

it.each<[string, readonly Command[], readonly number[]]>([
  ['of none', [], []],
  ['its own, of a command in one branch', [deposit(account(7), 1n), openAccount(3, 'ann')], [7, 3]],
  ['the lowest, of one over several branches', [move(9, 4), group([move(8, 6), move(5, 8)])], [4, 5]],
  [
    'the lowest of all that hang together, whichever came first',
    [move(4, 9), move(2, 3), move(9, 3)],
    [2, 2, 2],
  ],
  ['of those in between as well', [move(5, 6), move(8, 9), move(1, 8), move(6, 9)], [1, 1, 1, 1]],
  [
    'the lowest of all, where one refers to an earlier write',
    [deposit(account(5), 1n), captureHold(4, placeHold(account(4), account(5), 1n)), deposit(account(6), 1n)],
    [4, 4, 4],
  ],
  [
    'the named one, of a lone command that refers to an earlier write',
    [captureHold(4, placeHold(account(2), account(4), 1n))],
    [4],
  ],
])('is %s', (_what, commands, branches) => {
  expect(leadingBranches(commands)).toEqual(branches);
});
