import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BranchNews } from './branch-news.js';

/** Where the journals of a bank end, for tests to move, and how often it was asked. */
class Heads {
  readonly positions = new Map<number, number>();
  readonly asked: (readonly number[])[] = [];
  readonly warnings: string[] = [];
  down = false;
  readonly news = new BranchNews(
    (branches) => {
      this.asked.push(branches);
      return this.down ? Promise.reject(new Error('down')) : Promise.resolve(this.positions);
    },
    { warn: (_details: object, message?: string) => void this.warnings.push(message ?? '') },
  );
}

const forEver = new AbortController().signal;

let heads: Heads;
beforeEach(() => {
  heads = new Heads();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What became of a wait so far. */
function outcomeOf(news: Promise<boolean>): () => boolean | undefined {
  const state: { outcome: boolean | undefined } = { outcome: undefined };
  void news.then((outcome) => {
    state.outcome = outcome;
  });
  return () => state.outcome;
}

describe('a commit of this server', () => {
  test('is told at once to those who follow its branches, and to nobody else', async () => {
    const waits = [1, 2, 3].map((branch) => outcomeOf(heads.news.follow(branch).news(5, 1_000, forEver)));
    heads.news.nudge([1, 3, 9]);
    await vi.advanceTimersByTimeAsync(0);
    expect(waits.map((outcome) => outcome())).toEqual([true, undefined, true]);
  });

  test('that comes while the journal is being read is not lost', async () => {
    const follower = heads.news.follow(1);
    follower.mark();
    heads.news.nudge([1]);
    expect(await follower.news(5, 1_000, forEver)).toBe(true);
    follower.mark();
    const outcome = outcomeOf(follower.news(5, 1_000, forEver));
    await vi.advanceTimersByTimeAsync(999);
    expect(outcome()).toBeUndefined();
  });
});

describe('a commit of another server', () => {
  test('is found by asking for all branches at once that somebody waits for', async () => {
    heads.positions.set(1, 5).set(2, 7);
    const followers = [
      heads.news.follow(1),
      heads.news.follow(1),
      heads.news.follow(2),
      heads.news.follow(3),
    ];
    const [first, second, third] = followers.map((follower) => outcomeOf(follower.news(5, 60_000, forEver)));
    await vi.advanceTimersByTimeAsync(100);
    expect(heads.asked).toEqual([[1, 2, 3]]);
    expect([first?.(), second?.(), third?.()]).toEqual([undefined, undefined, true]);
    heads.positions.set(1, 6);
    await vi.advanceTimersByTimeAsync(100);
    expect(heads.asked.at(-1)).toEqual([1, 3]);
    expect([first?.(), second?.()]).toEqual([true, true]);
  });

  test('a journal that has become shorter is news too', async () => {
    heads.positions.set(1, 4);
    const outcome = outcomeOf(heads.news.follow(1).news(5, 60_000, forEver));
    await vi.advanceTimersByTimeAsync(100);
    expect(outcome()).toBe(true);
  });
});

test('the database is left alone while nobody waits, and when nobody follows any more', async () => {
  const [one, other] = [heads.news.follow(1), heads.news.follow(1)];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(heads.asked).toEqual([]);
  void other.news(5, 60_000, forEver);
  one.close();
  await vi.advanceTimersByTimeAsync(300);
  expect(heads.asked).toHaveLength(3);
  other.close();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(heads.asked).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(1);
  heads.positions.set(1, 6);
  const outcome = outcomeOf(heads.news.follow(1).news(5, 60_000, forEver));
  await vi.advanceTimersByTimeAsync(100);
  expect(outcome()).toBe(true);
});

test('a wait without news ends after its time, or when it is aborted', async () => {
  const aborting = new AbortController();
  const late = outcomeOf(heads.news.follow(1).news(5, 1_000, forEver));
  const aborted = outcomeOf(heads.news.follow(1).news(5, 1_000, aborting.signal));
  aborting.abort();
  await vi.advanceTimersByTimeAsync(999);
  expect([late(), aborted()]).toEqual([undefined, false]);
  await vi.advanceTimersByTimeAsync(1);
  expect(late()).toBe(false);
  expect(await heads.news.follow(1).news(5, 1_000, aborting.signal)).toBe(false);
});

test('a database that cannot be asked is asked again, and complained about once', async () => {
  heads.down = true;
  heads.positions.set(1, 6);
  const outcome = outcomeOf(heads.news.follow(1).news(5, 60_000, forEver));
  await vi.advanceTimersByTimeAsync(500);
  expect([outcome(), heads.warnings.length, heads.asked.length]).toEqual([undefined, 1, 5]);
  heads.down = false;
  await vi.advanceTimersByTimeAsync(100);
  expect(outcome()).toBe(true);
});
