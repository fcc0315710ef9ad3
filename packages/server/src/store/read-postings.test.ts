import { beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import type { Entry } from '../ledger/entry.js';
import { vaultOf } from '../ledger/memory-bank.fixture.js';
import { bankDatabase, contents, openReads } from './bank-database.fixture.js';
import { chainedAccounts, postingsOf } from './chained-accounts.fixture.js';
import type { Database } from './database.js';
import { MARK_INTERVAL } from './posting-chains.js';
import { readBalancesAt } from './read-balances.js';
import { readStatement, type StatementFilter } from './read-statement.js';

const BRANCH = 1;

/** Around the places where marks are. */
const FEW = [0, 1, 31, 32, 33, 64, 65];

const MANY = 1_000;

const LIMITS = [1, 31, 32, 33, 100];

const accountOf = (index: number) => ({ branch: BRANCH, serial: index + 1 });
const busiest = accountOf(FEW.length);
const vault = vaultOf(BRANCH);

let url: string;
let entries: readonly Entry[];

beforeAll(async () => {
  url = await bankDatabase(...chainedAccounts(BRANCH, [...FEW, MANY]));
  entries = (await contents(url)).entries.map((entry) => ({ ...entry, seal: undefined }));
});

const whole = { from: undefined, to: undefined, after: undefined };

/** The lines of all pages, one after the other. */
async function allLines(database: Database, filter: StatementFilter): Promise<Entry[]> {
  const lines: Entry[] = [];
  for (;;) {
    const page = await readStatement(database, { ...filter, after: lines.at(-1)?.position });
    lines.push(...page.lines);
    if (page.lines.length < filter.limit) return lines;
  }
}

/** A page as it should be. */
function pageOf(expected: readonly Entry[], { newestFirst, after, limit }: StatementFilter): Entry[] {
  const inOrder = newestFirst ? expected.toReversed() : expected;
  const rest = inOrder.filter(
    ({ position }) => after === undefined || (newestFirst ? position < after : position > after),
  );
  return rest.slice(0, limit);
}

describe.each(FEW.map((count, index) => ({ count, account: accountOf(index) })))(
  'an account with $count postings',
  ({ count, account }) => {
    it.each(LIMITS)('has them all in its statement, %i at a time, both ways', async (limit) => {
      const database = openReads(url);
      const expected = postingsOf(entries, account);
      expect(expected).toHaveLength(count);
      const filter = { ...account, ...whole, limit };
      expect(await allLines(database, { ...filter, newestFirst: false })).toEqual(expected);
      expect(await allLines(database, { ...filter, newestFirst: true })).toEqual(expected.toReversed());
    });
  },
);

describe.each([
  { name: 'an account with many postings', account: busiest, count: MANY },
  { name: 'the account of all postings', account: vault, count: MANY + 226 },
])('$name', ({ account, count }) => {
  it('has them all in its statement, both ways', async () => {
    const database = openReads(url);
    const expected = postingsOf(entries, account);
    expect(expected).toHaveLength(count);
    const filter = { ...account, ...whole, limit: 100 };
    expect(await allLines(database, { ...filter, newestFirst: false })).toEqual(expected);
    expect(await allLines(database, { ...filter, newestFirst: true })).toEqual(expected.toReversed());
  });

  it.each(LIMITS)('has pages of %i that begin anywhere', async (limit) => {
    const database = openReads(url);
    const expected = postingsOf(entries, account);
    for (let after = 1; after <= entries.length + 1; after += 53) {
      for (const newestFirst of [false, true]) {
        const filter = { ...account, ...whole, limit, newestFirst, after };
        const { lines } = await readStatement(database, filter);
        expect(lines, `after ${after}`).toEqual(pageOf(expected, filter));
      }
    }
  });

  it('has statements from anywhere to anywhere, by position and by time', async () => {
    const database = openReads(url);
    const expected = postingsOf(entries, account);
    for (let first = 1; first <= entries.length; first += 171) {
      for (let last = first; last <= entries.length; last += 97) {
        const within = expected.filter(({ position }) => position >= first && position <= last);
        const [from, to] = [entries[first - 1]!.timeMicros, entries[last - 1]!.timeMicros + 1];
        for (const bounds of [
          { from: { position: first }, to: { position: last } },
          { from: { timeMicros: BigInt(from) }, to: { timeMicros: BigInt(to) } },
        ]) {
          const filter = { ...account, ...whole, limit: 33, newestFirst: last % 2 === 0 };
          const { lines } = await readStatement(database, { ...filter, ...bounds });
          expect(lines, `${first} to ${last}`).toEqual(pageOf(within, filter));
        }
      }
    }
  });
});

it('the balances as of every position are those that the journal adds up to (R3)', async () => {
  const url = await bankDatabase(...chainedAccounts(BRANCH, FEW));
  const database = openReads(url);
  const accounts = [...FEW.map((_, index) => accountOf(index)), vault];
  const sums = new Map(accounts.map(({ serial }) => [serial, 0n]));
  const add = (serial: number, amount: bigint) => sums.set(serial, (sums.get(serial) ?? 0n) + amount);
  for (const { position, change } of (await contents(url)).entries) {
    if (change.kind === 'posting') {
      // The vault is debit-normal: what comes in on one side goes up, on both.
      const sign = change.debit === vault.serial ? 1n : -1n;
      add(change.debit, sign * change.amount);
      add(change.credit, sign * change.amount);
    }
    const balances = await readBalancesAt(database, accounts, { position });
    expect(
      balances.map(({ serial, balance }) => [serial, balance]),
      `at ${position}`,
    ).toEqual([...sums]);
  }
});

it('a chain that is damaged ends, wherever it leads', async () => {
  const url = await bankDatabase(...chainedAccounts(BRANCH, [20]));
  const [account, database] = [accountOf(0), openReads(url)];
  const postings = postingsOf((await contents(url)).entries, account);
  const middle = postings[9]!.position;
  for (const link of [middle, middle + 1, 9_999]) {
    await query(url, 'update entries set credit_previous = $1, debit_previous = $1 where position = $2', [
      link,
      middle,
    ]);
    for (const newestFirst of [false, true]) {
      const { lines } = await readStatement(database, { ...account, ...whole, limit: 100, newestFirst });
      expect(lines).toHaveLength(11);
    }
  }
});

it('no page and no balance takes a walk that is longer than some dozens of postings', async () => {
  const url = await bankDatabase(...chainedAccounts(BRANCH, [MANY]));
  const [account, database] = [accountOf(0), openReads(url)];
  const { entries } = await contents(url);
  const postings = postingsOf(entries, account).map((entry) => ({ ...entry, seal: undefined }));
  const limit = 33;
  const [first, end] = [postings[500]!.position, postings[500 + limit]!.position];
  const kept = postings.slice(500, 500 + limit + 2 * MARK_INTERVAL);
  // The last one has the closing balance.
  await query(url, 'delete from entries where position not between $1 and $2 and position <> $3', [
    first,
    kept.at(-1)!.position,
    postings.at(-1)!.position,
  ]);
  const page = { ...account, ...whole, limit };
  const oldest = await readStatement(database, { ...page, newestFirst: false, after: first - 1 });
  expect(oldest.lines).toEqual(postings.slice(500, 500 + limit));
  const newest = await readStatement(database, { ...page, newestFirst: true, after: end });
  expect(newest.lines).toEqual(postings.slice(500, 500 + limit).toReversed());
  for (const { position, change } of kept.slice(0, -MARK_INTERVAL)) {
    const [at] = await readBalancesAt(database, [account], { position });
    const { debit, debitBalance, creditBalance } = change as Extract<typeof change, { kind: 'posting' }>;
    expect(at?.balance).toBe(debit === account.serial ? debitBalance : creditBalance);
  }
});
