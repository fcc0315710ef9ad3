import { expect, it } from 'vitest';
import { FloorBooks } from './floor-books.js';

const branches = [
  { branch_id: 0, position: '7', time_micros: '10' },
  { branch_id: 1, position: '100', time_micros: '9007199254740000' },
];
const accounts = [0, 0, 1, 1].map((branch_id, index) => ({
  branch_id,
  serial: String((index % 2) + 1),
  posted_debits: '0',
  posted_credits: '50',
  last_posting: '0',
  postings: '0',
}));

/** The values of the statements of one commit, by the names of their tables. */
function commit(books: FloorBooks, pairs: readonly (readonly [number, number])[]) {
  const [entries, seals, changed, moved] = books.commit(pairs).map(({ values }) => values);
  return { entries: entries!, seals: seals!, accounts: changed!, branches: moved! };
}

it('goes on from the positions that the branches have, without a gap', () => {
  const books = new FloorBooks(branches, accounts);
  const first = commit(books, [
    [0, 1],
    [2, 3],
    [1, 0],
  ]);
  expect(first.entries.slice(0, 2)).toEqual([
    [0, 1, 0],
    [8, 101, 9],
  ]);
  expect(first.seals.slice(0, 3)).toEqual([
    [0, 1],
    [9, 101],
    [8, 101],
  ]);
  expect(first.branches.slice(0, 2)).toEqual([
    [0, 1],
    [9, 101],
  ]);
  expect(commit(books, [[0, 1]]).entries.slice(0, 2)).toEqual([[0], [10]]);
});

it('keeps the balances after each posting, and writes each account once', () => {
  const { entries, accounts: changed } = commit(new FloorBooks(branches, accounts), [
    [0, 1],
    [0, 1],
    [1, 0],
  ]);
  const [debitBalances, creditBalances] = entries.slice(8, 10);
  expect(debitBalances).toEqual([49, 48, 51]);
  expect(creditBalances).toEqual([51, 52, 49]);
  // Chained to the posting before of the same account.
  expect(entries.slice(10, 12)).toEqual([
    [0, 8, 9],
    [0, 8, 9],
  ]);
  expect(changed).toEqual([
    [0, 0],
    [1, 2],
    [2, 1],
    [51, 52],
    [10, 10],
    [10, 10],
    [3, 3],
  ]);
});

it('lets times rise, also where the clock is behind', () => {
  const [, , times] = commit(new FloorBooks(branches, accounts), [
    [2, 3],
    [3, 2],
  ]).entries;
  expect(times).toEqual([9007199254740001, 9007199254740002]);
});

it('writes each id once', () => {
  const books = new FloorBooks(branches, accounts);
  const ids = [0, 1].flatMap(
    () =>
      commit(books, [
        [0, 1],
        [1, 0],
      ]).entries[3] as string[],
  );
  expect(new Set(ids).size).toBe(4);
  expect(ids[3]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
});
