/** The clock of a test bank: it runs as the machine's does, from a moment of the test's choice, and can be moved forward. */
export interface TestClock {
  /** What the bank takes the time to be; entries are of this time or a little later. */
  now(): Date;
  /**
   * Moves the clock forward. Resolves when the holds that have expired by then are settled, so that the journal tells.
   *
   * Only the books live by this clock: deadlines, retries, watches and injected latency take their real time.
   *
   * @param ms - milliseconds, 0 or more; a bank's clock never goes back
   * @throws RangeError if it is anything else
   */
  advance(ms: number): Promise<void>;
}

/** A clock that can be moved, in microseconds since 1970. */
export class MovableClock {
  readonly #uptimeMs: () => number;
  #aheadMs: number;

  /** @param startMs - milliseconds since 1970 @param uptimeMs - a monotonic clock */
  constructor(startMs: number, uptimeMs: () => number = () => performance.now()) {
    this.#uptimeMs = uptimeMs;
    this.#aheadMs = startMs - uptimeMs();
  }

  get micros(): number {
    return Math.floor((this.#uptimeMs() + this.#aheadMs) * 1_000);
  }

  /** @throws RangeError if `ms` would not move it forward, or out of the range of dates */
  advance(ms: number): void {
    const inRange =
      Number.isFinite(ms) && ms >= 0 && !Number.isNaN(new Date(this.micros / 1_000 + ms).getTime());
    if (!inRange)
      throw new RangeError(
        `the clock cannot be moved by ${ms} ms: it goes forward only, within the range of Date`,
      );
    this.#aheadMs += ms;
  }
}
