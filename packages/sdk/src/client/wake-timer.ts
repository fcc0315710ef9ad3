/** One timer for many moments: it wakes at the earliest of them. It keeps no process alive. */
export class WakeTimer {
  readonly #wake: (nowMs: number) => number;
  #atMs = Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** @param wake - does what is due, and returns the next moment, Infinity for none */
  constructor(wake: (nowMs: number) => number) {
    this.#wake = wake;
  }

  /** Wakes at this moment at the latest, by `performance.now()`. */
  wakeBy(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.stop();
    this.#atMs = atMs;
    // A timer may fire a little before the clock agrees: then it is set again, by no less than its smallest step.
    this.#timer = setTimeout(() => this.#fire(), Math.max(1, atMs - performance.now())).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#atMs = Infinity;
  }

  #fire(): void {
    this.#atMs = Infinity;
    this.wakeBy(this.#wake(performance.now()));
  }
}
