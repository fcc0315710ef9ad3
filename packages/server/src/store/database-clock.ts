/** SQL for the database's clock as it is read, in microseconds since 1970. */
export const CLOCK_MICROS = '(extract(epoch from clock_timestamp()) * 1000000)::bigint';

/** Longest time without word of the database's clock: quartz drifts by less than a millisecond meanwhile. */
const HEARD_WITHIN_MS = 5_000;

/**
 * The database's clock between two answers that tell it: as much later as has passed here since, by a clock that never
 * goes back. What an answer tells was so before it came, so this is late by the way of one answer, and never early by
 * more than the two clocks drift apart. This machine's own time of day has no part in it (trap 14).
 */
export class DatabaseClock {
  readonly #uptimeMs: () => number;
  #micros = 0;
  #heardMs = -Infinity;

  /** @param uptimeMs - a monotonic clock */
  constructor(uptimeMs: () => number = () => performance.now()) {
    this.#uptimeMs = uptimeMs;
  }

  /** Takes what an answer tells, as it comes. */
  hear(micros: number): void {
    this.#micros = micros;
    this.#heardMs = this.#uptimeMs();
  }

  /** Microseconds since 1970; undefined if it was not heard of for too long. */
  get micros(): number | undefined {
    const sinceMs = this.#uptimeMs() - this.#heardMs;
    return sinceMs > HEARD_WITHIN_MS ? undefined : Math.floor(this.#micros + sinceMs * 1_000);
  }
}
