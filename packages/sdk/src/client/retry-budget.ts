/** Failures in a row that a server may have before it gets first attempts only: those of two calls and all their attempts. */
const FAILURES_MAX = 10;

/** What a failure takes away, in successes that bring it back: one retry for ten calls that went well. */
const SUCCESSES_PER_FAILURE = 10;

/** The same in time, for clients with few calls: a retry a second is no storm. */
const MS_PER_FAILURE = 1_000;

/** The budget is full at twice what retries need, as in gRPC's retry throttling (gRFC A6). */
const TOKENS_MAX = 2 * FAILURES_MAX * SUCCESSES_PER_FAILURE;

/**
 * Keeps retries from making a server's trouble worse: while more of what is sent to it fails than succeeds, it gets few
 * retries. Failures of one turn of the event loop count once: a single lost connection fails thousands of calls. What
 * never reached the server costs it nothing, and is not counted.
 */
export class RetryBudget {
  #tokens = TOKENS_MAX;
  #countedAtMs = 0;
  #failedThisTurn = false;

  /** Whether the server may get another retry. */
  get allowsRetry(): boolean {
    this.#countTime();
    return this.#tokens > TOKENS_MAX / 2;
  }

  succeeded(): void {
    if (this.#tokens < TOKENS_MAX) this.#tokens += 1;
  }

  failed(): void {
    if (this.#failedThisTurn) return;
    this.#failedThisTurn = true;
    this.#countTime();
    this.#tokens = Math.max(0, this.#tokens - SUCCESSES_PER_FAILURE);
    setImmediate(() => (this.#failedThisTurn = false));
  }

  #countTime(): void {
    const nowMs = performance.now();
    const failures = (nowMs - this.#countedAtMs) / MS_PER_FAILURE;
    this.#countedAtMs = nowMs;
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + failures * SUCCESSES_PER_FAILURE);
  }
}
