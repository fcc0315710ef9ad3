import { beforeAll, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount, transfer, withdraw } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { vaultOf } from '../ledger/memory-bank.fixture.js';
import { bankDatabase, contents, openReads, openStore, transact } from './bank-database.fixture.js';
import type { Database } from './database.js';
import { readStatement, type StatementFilter, type StatementPage } from './read-statement.js';

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };

/** Debits and credits of ann's account in turn, with other postings between them. */
const traffic = Array.from({ length: 30 }, () => [
  deposit(ann, 3n),
  transfer(bob, eve, 1n),
  transfer(ann, bob, 1n),
  withdraw(ann, 1n),
  transfer(eve, ann, 1n),
]).flat();

const opening = [
  initializeBranch(1, 0n),
  initializeBranch(2, 0n),
  openAccount(1, 'ann'),
  openAccount(1, 'bob'),
  openAccount(2, 'eve'),
  deposit(bob, 100n),
];

const whole = { ...ann, from: undefined, to: undefined, newestFirst: false, after: undefined, limit: 1_000 };

let url: string;

beforeAll(async () => {
  url = await bankDatabase(...opening, ...traffic);
});

/** Follows the pages to the end, doing something between them. */
async function allPages(
  database: Database,
  filter: StatementFilter,
  between = () => Promise.resolve<unknown>(undefined),
): Promise<StatementPage[]> {
  const pages = [await readStatement(database, filter)];
  for (;;) {
    const { first, last, lines } = pages.at(-1)!;
    if (lines.length < filter.limit) return pages;
    await between();
    const bounds = { from: { position: first }, to: { position: last } };
    pages.push(await readStatement(database, { ...filter, ...bounds, after: lines.at(-1)?.position }));
  }
}

/** What the journal says. */
async function postingsOf(url: string, { branch, serial } = ann): Promise<Entry[]> {
  const { entries } = await contents(url);
  return entries.filter(
    (entry) =>
      entry.branch === branch &&
      entry.change.kind === 'posting' &&
      [entry.change.debit, entry.change.credit].includes(serial),
  );
}

/** The balance of ann's account after a posting. */
function balanceAfter(entry: Entry | undefined): bigint {
  if (entry?.change.kind !== 'posting') return 0n;
  const { debit, debitBalance, creditBalance } = entry.change;
  return debit === ann.serial ? debitBalance : creditBalance;
}

/** An entry as a statement reads it. */
function unsealed(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => ({ ...entry, seal: undefined }));
}

describe('the lines of a statement', () => {
  it.each([1, 7, 40, 120, 121])(
    'come whole and in order, %i at a time, both sides of the account and both ways (R12)',
    async (limit) => {
      const database = openReads(url);
      const expected = unsealed(await postingsOf(url));
      expect(expected.length).toBe(120);
      const oldestFirst = await allPages(database, { ...whole, limit });
      expect(oldestFirst.flatMap(({ lines }) => lines)).toEqual(expected);
      const newestFirst = await allPages(database, { ...whole, limit, newestFirst: true });
      expect(newestFirst.flatMap(({ lines }) => lines)).toEqual(expected.reverse());
    },
  );

  it.each([false, true])(
    'are neither missed nor repeated while writes go on, nor is what is written later shown (newest first: %s)',
    async (newestFirst) => {
      const url = await bankDatabase(...opening, ...traffic);
      const [database, store] = [openReads(url), openStore(url)];
      const expected = unsealed(await postingsOf(url));
      let writes = 0;
      const pages = await allPages(database, { ...whole, limit: 9, newestFirst }, () =>
        transact(store, deposit(ann, 3n), transfer(ann, bob, ++writes < 5 ? 1n : 2n)),
      );
      expect(writes).toBeGreaterThan(10);
      const lines = pages.flatMap((page) => page.lines);
      expect(newestFirst ? lines.reverse() : lines).toEqual(expected);
      const around = pages.map(({ openingBalance, closingBalance, last }) => [
        openingBalance,
        closingBalance,
        last,
      ]);
      expect(new Set(around.map(String)).size).toBe(1);
      expect(around[0]?.slice(0, 2)).toEqual([0n, balanceAfter(expected.at(-1))]);
    },
  );
});

describe('a range', () => {
  it('has the balances before its first and after its last entry, wherever it begins and ends (R12)', async () => {
    const database = openReads(url);
    const postings = await postingsOf(url);
    const end = (await contents(url)).branches[0]!.position;
    for (let first = 1; first <= end + 1; first += 7) {
      for (let last = first - 1; last <= end; last += 11) {
        const bounds = { from: { position: first }, to: { position: last } };
        const within = postings.filter(({ position }) => position >= first && position <= last);
        const balanceAt = (place: number) =>
          balanceAfter(postings.findLast(({ position }) => position <= place));
        const expected = {
          ...{ currency: 'USD', first, last, lines: unsealed(within) },
          ...{ openingBalance: balanceAt(first - 1), closingBalance: balanceAt(last) },
        };
        expect(await readStatement(database, { ...whole, ...bounds })).toEqual(expected);
        const newestFirst = await readStatement(database, { ...whole, ...bounds, newestFirst: true });
        expect(newestFirst).toEqual({ ...expected, lines: expected.lines.toReversed() });
      }
    }
  });

  it('by time covers the entries from the one to just before the other', async () => {
    const database = openReads(url);
    const entries = (await contents(url)).entries.filter(({ branch }) => branch === 1);
    const [begin, end] = [entries[20]!, entries[90]!];
    const at = (timeMicros: number) => ({ timeMicros: BigInt(timeMicros) });
    const bounds = async (from: number, to: number) => {
      const { first, last } = await readStatement(database, { ...whole, from: at(from), to: at(to) });
      return [first, last];
    };
    expect(await bounds(begin.timeMicros, end.timeMicros)).toEqual([begin.position, end.position - 1]);
    expect(await bounds(begin.timeMicros + 1, end.timeMicros + 1)).toEqual([
      begin.position + 1,
      end.position,
    ]);
    expect(await bounds(begin.timeMicros, begin.timeMicros)).toEqual([begin.position, begin.position - 1]);
    const all = [1, entries.length];
    expect(await bounds(0, entries.at(-1)!.timeMicros + 1_000)).toEqual(all);
    expect(await bounds(entries[0]!.timeMicros, entries.at(-1)!.timeMicros + 1)).toEqual(all);
    expect(await bounds(0, entries[0]!.timeMicros)).toEqual([1, 0]);
    const later = entries.at(-1)!.timeMicros + 1;
    expect(await bounds(later, later + 1)).toEqual([entries.length + 1, entries.length]);
  });

  it('that begins after the journal ends is empty, with the present balance on both sides', async () => {
    const closing = balanceAfter((await postingsOf(url)).at(-1));
    expect(await readStatement(openReads(url), { ...whole, from: { position: 9_999 } })).toMatchObject({
      lines: [],
      openingBalance: closing,
      closingBalance: closing,
    });
  });

  it('that ends after the journal does is an error', async () => {
    const last = (await contents(url)).branches[0]!.position;
    await expect(
      readStatement(openReads(url), { ...whole, to: { position: last + 1 } }),
    ).rejects.toMatchObject({
      reason: 'POSITION_NOT_FOUND',
      metadata: { branch: '1', position: String(last + 1), last: String(last) },
    });
  });
});

it("may be of one of the bank's own accounts, by its normal side (R3)", async () => {
  const { branches, accounts } = await contents(url);
  const vault = vaultOf(1);
  const { postedDebits = 0n, postedCredits = 0n } =
    accounts.find(({ kind, branch }) => kind === 'vault' && branch === 1) ?? {};
  expect(await readStatement(openReads(url), { ...whole, ...vault, limit: 1 })).toMatchObject({
    openingBalance: 0n,
    closingBalance: postedDebits - postedCredits,
    last: branches[0]?.position,
  });
});

it('of an account without postings has no lines, and of no account is an error', async () => {
  const url = await bankDatabase(initializeBranch(1, 0n), openAccount(1, 'ann'));
  const database = openReads(url);
  expect(await readStatement(database, whole)).toMatchObject({
    lines: [],
    openingBalance: 0n,
    closingBalance: 0n,
  });
  await expect(readStatement(database, { ...whole, ...bob })).rejects.toMatchObject({
    reason: 'ACCOUNT_NOT_FOUND',
    metadata: { account: '1-2-42' },
  });
  await expect(readStatement(database, { ...whole, ...eve })).rejects.toMatchObject({
    reason: 'BRANCH_NOT_FOUND',
    metadata: { branch: '2' },
  });
});
