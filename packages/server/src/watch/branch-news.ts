import type { Logger } from 'pino';

/** How often the database is asked whether other servers have committed something: the price is one small statement. */
const POLL_INTERVAL_MS = 100;

/** Reads where the journals of some branches end. */
export type ReadHeads = (branches: readonly number[]) => Promise<ReadonlyMap<number, number>>;

/** Somebody who wants to know when there is something new in a branch's journal. */
export interface Follower {
  /** To be called before the journal is read: what is committed from here on is news. */
  mark(): void;
  /**
   * Waits until the journal may reach beyond what was read.
   *
   * @param position - where it ended when it was read
   * @returns false if `timeoutMs` have passed, or `signal` has aborted, before there was any news
   */
  news(position: number, timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/**
 * Tells followers when journals grow: at once when this server commits, and otherwise by asking the database, once for
 * all branches that anybody follows. It may tell too often, never too seldom: whoever is told reads for himself.
 */
export class BranchNews {
  readonly #readHeads: ReadHeads;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #followers = new Map<number, Set<FollowerState>>();
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(readHeads: ReadHeads, log: Pick<Logger, 'warn'>) {
    this.#readHeads = readHeads;
    this.#log = log;
  }

  /** Says that this server has committed something in the branches. */
  nudge(branches: readonly number[]): void {
    for (const branch of branches) {
      for (const follower of this.#followers.get(branch) ?? []) {
        follower.nudged = true;
        follower.wake?.(true);
      }
    }
  }

  /** @returns a follower to be closed by the caller; the database is asked for as long as there are any */
  follow(branch: number): Follower {
    const state: FollowerState = { nudged: false, position: 0, wake: undefined };
    const others = this.#followers.get(branch) ?? new Set();
    this.#followers.set(branch, others.add(state));
    this.#timer ??= this.#pollSoon();
    return {
      mark: () => {
        state.nudged = false;
      },
      news: (position, timeoutMs, signal) => news(state, position, timeoutMs, signal),
      close: () => {
        others.delete(state);
        if (others.size === 0 && this.#followers.get(branch) === others) this.#followers.delete(branch);
      },
    };
  }

  #pollSoon(): NodeJS.Timeout {
    return setTimeout(() => void this.#poll(), POLL_INTERVAL_MS);
  }

  async #poll(): Promise<void> {
    try {
      const waiting = [...this.#followers].filter(([, followers]) => isWaitedFor(followers));
      if (waiting.length > 0) this.#tell(await this.#readHeads(waiting.map(([branch]) => branch)));
      this.#failing = false;
    } catch (error) {
      // Whoever follows finds out by himself when it reads for its next sign of life.
      if (!this.#failing) this.#log.warn({ err: error }, 'the ends of the journals could not be read');
      this.#failing = true;
    }
    this.#timer = this.#followers.size > 0 ? this.#pollSoon() : undefined;
  }

  #tell(heads: ReadonlyMap<number, number>): void {
    for (const [branch, head] of heads) {
      for (const { position, wake } of this.#followers.get(branch) ?? []) {
        // A journal that ends before what was read of it is news too, of the worst kind.
        if (head !== position) wake?.(true);
      }
    }
  }
}

interface FollowerState {
  /** Whether this server has committed something since the last mark. */
  nudged: boolean;
  position: number;
  /** Set while the follower waits. */
  wake: ((isNews: boolean) => void) | undefined;
}

function isWaitedFor(followers: ReadonlySet<FollowerState>): boolean {
  for (const { wake } of followers) if (wake !== undefined) return true;
  return false;
}

function news(
  state: FollowerState,
  position: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (state.nudged) return Promise.resolve(true);
  if (signal.aborted) return Promise.resolve(false);
  state.position = position;
  return new Promise((resolve) => {
    const wake = (isNews: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      state.wake = undefined;
      resolve(isNews);
    };
    const giveUp = () => {
      wake(false);
    };
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener('abort', giveUp);
    state.wake = wake;
  });
}
