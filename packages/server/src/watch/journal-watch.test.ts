import { once } from 'node:events';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { query } from '../../test-support/database.js';
import { deposit, initializeBranch, openAccount, transfer } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { bankDatabase, contents, openReads, openStore, transact } from '../store/bank-database.fixture.js';
import type { Database } from '../store/database.js';
import { postgresReads } from '../store/postgres-reads.js';
import type { WatchPage, WatchPlace } from '../store/read-watch-page.js';
import { JournalWatch, type JournalWatchOptions } from './journal-watch.js';

const ann = { branch: 1, serial: 1 };
const eve = { branch: 2, serial: 1 };

let url: string;
beforeEach(async () => {
  url = await bankDatabase(
    ...[initializeBranch(1, 0n), initializeBranch(2, 0n), openAccount(1, 'ann'), openAccount(2, 'eve')],
    deposit(ann, 1_000n),
  );
});

const begin: WatchPlace = { branch: 1, after: 0, seal: undefined };

/** A watch of the tests' database, ended with the test. */
function openWatch(options?: JournalWatchOptions, database = openReads(url)) {
  const watch = new JournalWatch(postgresReads(database, url), { warn: () => undefined }, options);
  const ending = new AbortController();
  onTestFinished(() => {
    ending.abort();
  });
  const { signal } = ending;
  const closed = once(signal, 'abort');
  return {
    watch,
    pages: (place = begin) => watch.watch(place, signal, closed),
    end: () => {
      ending.abort();
    },
  };
}

async function nextPage(pages: AsyncGenerator<WatchPage, void>): Promise<WatchPage> {
  const { value } = await pages.next();
  if (value === undefined) throw new Error('the watch has ended');
  return value;
}

async function journal(branch = 1): Promise<Entry[]> {
  return (await contents(url)).entries.filter((entry) => entry.branch === branch);
}

describe('a watch', () => {
  test('gives every entry once, in order and with its seal, while several stores write (R8)', async () => {
    const { pages } = openWatch({ pageEntriesMax: 7 });
    const stores = [openStore(url), openStore(url)];
    const written = Promise.all(
      stores.map(async (store) => {
        for (let n = 0; n < 15; n++)
          await transact(store, deposit(ann, 1n), transfer(ann, eve, 1n), deposit(eve, 1n));
      }),
    );
    const seen: Entry[] = [];
    for await (const { entries, head } of pages()) {
      seen.push(...entries);
      expect(entries.length).toBeLessThanOrEqual(7);
      expect(head.position).toBeGreaterThanOrEqual(seen.length);
      // One opens the interbranch account; each round makes two entries here.
      if (seen.length === 5 + 1 + 60) break;
    }
    await written;
    expect(seen).toEqual(await journal());
  });

  test('begins after a place, at once even if nothing is there, and goes on when something is', async () => {
    const { pages } = openWatch();
    const last = (await journal()).at(-1)!;
    const watching = pages({ branch: 1, after: last.position, seal: last.seal });
    expect(await nextPage(watching)).toEqual({ entries: [], head: last.seal });
    const next = nextPage(watching);
    await transact(openStore(url), deposit(ann, 1n));
    expect(await next).toEqual({
      entries: (await journal()).slice(-1),
      head: (await journal()).at(-1)?.seal,
    });
  });

  test('gives a sign of life when nothing happens, as often as it should', async () => {
    const { pages } = openWatch({ signOfLifeIntervalMs: 20 });
    const watching = pages();
    const { head } = await nextPage(watching);
    for (let n = 0; n < 3; n++) expect(await nextPage(watching)).toEqual({ entries: [], head });
  });

  test('reads nothing ahead: what is not asked for stays in the database', async () => {
    const { pages } = openWatch({ pageEntriesMax: 2 });
    const watching = pages();
    expect((await nextPage(watching)).entries).toHaveLength(2);
    await query(url, `update entries set actor = 'late' where branch_id = 1 and position = 3`);
    expect((await nextPage(watching)).entries[0]).toMatchObject({ position: 3, actor: 'late' });
  });

  test('asks the database no more than it must: page after page at once, then once for each nudge', async () => {
    const database = openReads(url);
    const asked = { pages: 0, heads: 0 };
    const counting: Database = {
      ...database,
      rows: (text, values) => {
        asked.pages++;
        return database.rows(text, values);
      },
      glance: (text, values) => {
        asked.heads++;
        return database.glance(text, values);
      },
    };
    const { watch, pages } = openWatch({ pageEntriesMax: 1 }, counting);
    const watching = pages();
    for (let n = 1; n <= 5; n++) expect((await nextPage(watching)).entries).toHaveLength(1);
    expect(asked).toEqual({ pages: 5, heads: 0 });
    const next = nextPage(watching);
    await expect.poll(() => asked.heads).toBeGreaterThan(0);
    expect(asked.pages).toBe(6);
    watch.nudge([1]);
    await expect.poll(() => asked.pages).toBe(7);
    const before = asked.heads;
    await expect.poll(() => asked.heads).toBeGreaterThan(before + 1);
    expect(asked.pages).toBe(7);
    await transact(openStore(url), deposit(ann, 1n));
    expect((await next).entries).toHaveLength(1);
  });

  test('ends when it is told to', async () => {
    const { pages, end } = openWatch();
    const watching = pages();
    await nextPage(watching);
    const next = watching.next();
    end();
    expect(await next).toEqual({ value: undefined, done: true });
  });
});

describe('a watch is refused', () => {
  test('of a branch that there is not, and beyond the end of a journal', async () => {
    const { pages } = openWatch();
    await expect(nextPage(pages({ ...begin, branch: 3 }))).rejects.toMatchObject({
      reason: 'BRANCH_NOT_FOUND',
    });
    await expect(nextPage(pages({ ...begin, after: 99 }))).rejects.toMatchObject({
      reason: 'POSITION_NOT_FOUND',
    });
  });

  test('when there are too many, until one has ended', async () => {
    const { pages } = openWatch({ watchesMax: 2 });
    const other = openWatch({ watchesMax: 2 });
    const { watch } = other;
    const ended = new AbortController();
    const gone = once(ended.signal, 'abort');
    const signal = new AbortController().signal;
    const first = watch.watch(begin, signal, gone);
    await Promise.all([nextPage(first), nextPage(other.pages())]);
    await expect(nextPage(other.pages())).rejects.toMatchObject({ reason: 'OVERLOADED' });
    expect((await nextPage(pages())).entries).toHaveLength(5);
    await first.return();
    await expect(nextPage(other.pages())).rejects.toMatchObject({ reason: 'OVERLOADED' });
    ended.abort();
    await gone;
    expect((await nextPage(other.pages())).entries).toHaveLength(5);
  });
});

test('a journal that is replaced by another under a watch ends it, even by a longer one (trap 2)', async () => {
  const { watch, pages } = openWatch();
  const watching = pages();
  await nextPage(watching);
  const next = nextPage(watching);
  next.catch(() => undefined);
  await query(url, `update seals set hash = sha256(hash) where branch_id = 1`);
  await transact(openStore(url), deposit(ann, 1n));
  watch.nudge([1]);
  await expect(next).rejects.toMatchObject({ reason: 'JOURNAL_DIVERGED', metadata: { branch: '1' } });
});
