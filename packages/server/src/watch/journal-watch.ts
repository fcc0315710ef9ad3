import type { Logger } from 'pino';
import { RequestError } from '../request-error.js';
import type { WatchPage, WatchPlace } from '../store/read-watch-page.js';
import type { Reads } from '../store/reads.js';
import { BranchNews } from './branch-news.js';
import { Turns } from './turns.js';

/** Watches that a server takes: each may hold a page in memory that its caller has not taken. */
const WATCHES_MAX = 1_000;

/**
 * Entries of one page. Each has at most about 16 KiB, nearly all of it metadata at its longest, so that a page always
 * stays below MESSAGE_BYTES_MAX.
 */
const PAGE_ENTRIES_MAX = 200;

/** Pages that are read at a time: a crowd of watchers must leave connections to everybody else's reads. */
const READS_AT_ONCE_MAX = 4;

/** How long a watch may be silent: callers hold a stream for dead that is silent for three times as long. */
const SIGN_OF_LIFE_INTERVAL_MS = 10_000;

/** Bounds that tests change. */
export interface JournalWatchOptions {
  readonly watchesMax?: number;
  readonly pageEntriesMax?: number;
  readonly signOfLifeIntervalMs?: number;
}

type WatchReads = Pick<Reads, 'watchPage' | 'glanceAtHeads'>;

/** Follows journals as they grow, whichever server commits. Each watcher reads its own pages at its own pace. */
export class JournalWatch {
  readonly #reads: WatchReads;
  readonly #news: BranchNews;
  readonly #turns = new Turns(READS_AT_ONCE_MAX);
  readonly #watchesMax: number;
  readonly #pageEntriesMax: number;
  readonly #signOfLifeIntervalMs: number;
  #watches = 0;

  constructor(reads: WatchReads, log: Pick<Logger, 'warn'>, options: JournalWatchOptions = {}) {
    this.#reads = reads;
    this.#news = new BranchNews((branches) => reads.glanceAtHeads(branches), log);
    this.#watchesMax = options.watchesMax ?? WATCHES_MAX;
    this.#pageEntriesMax = options.pageEntriesMax ?? PAGE_ENTRIES_MAX;
    this.#signOfLifeIntervalMs = options.signOfLifeIntervalMs ?? SIGN_OF_LIFE_INTERVAL_MS;
  }

  /** Watches that are open. */
  get open(): number {
    return this.#watches;
  }

  /** Says that this server has committed something in the branches: watchers need not wait to find out. */
  nudge(branches: readonly number[]): void {
    this.#news.nudge(branches);
  }

  /**
   * Pages of entries from just after a place on, without end: each entry once, in order, without a gap. A page without
   * entries is a sign of life; the first page comes at once, and may be one.
   *
   * @param signal - ends the watch
   * @param closed - when what was given has been taken; the watch counts until then
   * @throws {@link RequestError} with OVERLOADED, BRANCH_NOT_FOUND, POSITION_NOT_FOUND, UNAVAILABLE, or JOURNAL_DIVERGED
   *   if the journal does not have the place's seal, or one that was given since
   */
  async *watch(
    place: WatchPlace,
    signal: AbortSignal,
    closed: Promise<unknown>,
  ): AsyncGenerator<WatchPage, void, undefined> {
    if (this.#watches >= this.#watchesMax) {
      throw new RequestError('OVERLOADED', `${this.#watchesMax} watches are open already`);
    }
    this.#watches++;
    const left = () => {
      this.#watches--;
    };
    void closed.then(left, left);
    yield* this.#pages(place, signal);
  }

  async *#pages(
    { branch, after, seal }: WatchPlace,
    signal: AbortSignal,
  ): AsyncGenerator<WatchPage, void, undefined> {
    const follower = this.#news.follow(branch);
    const limit = this.#pageEntriesMax;
    try {
      let silentUntilMs = 0;
      while (!signal.aborted) {
        follower.mark();
        const place = { branch, after, seal };
        const page = await this.#turns.run(() => this.#reads.watchPage(place, limit));
        const last = page.entries.at(-1);
        if (last !== undefined || performance.now() >= silentUntilMs) {
          after = last?.position ?? after;
          seal = last?.seal ?? seal;
          yield page;
          silentUntilMs = performance.now() + this.#signOfLifeIntervalMs;
        }
        if (page.entries.length === limit) continue;
        const isNews = await follower.news(after, silentUntilMs - performance.now(), signal);
        if (!isNews) silentUntilMs = 0;
      }
    } finally {
      follower.close();
    }
  }
}
