import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuPerOperation, readCpu, type Watched } from './cpu.js';
import type { Measurement } from './measurement.js';

/** How a load is put on, and for how long. */
export interface Load {
  /** Calls under way at any time: each caller makes its next call when it has the answer to its last. */
  readonly callers: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly watched: Watched;
}

/**
 * Calls in a closed loop, and measures once it is warm.
 *
 * @param operationsPerCall - what a call counts for
 * @throws the first error of any call: a figure with errors in it is none
 */
export async function runClosedLoop(
  call: () => Promise<unknown>,
  operationsPerCall: number,
  { callers, warmupMs, durationMs, watched }: Load,
): Promise<Measurement> {
  const loop = new ClosedLoop(call, operationsPerCall, callers, watched);
  try {
    await loop.measure(warmupMs);
    return await loop.measure(durationMs);
  } finally {
    await loop.stop();
  }
}

/** Callers that are under way until they are stopped. */
export class ClosedLoop {
  readonly #call: () => Promise<unknown>;
  readonly #operationsPerCall: number;
  readonly #watched: Watched;
  readonly #latency: RecordableHistogram = createHistogram();
  readonly #running: Promise<unknown>;
  #calls = 0;
  #stopped = false;

  constructor(call: () => Promise<unknown>, operationsPerCall: number, callers: number, watched: Watched) {
    this.#call = call;
    this.#operationsPerCall = operationsPerCall;
    this.#watched = watched;
    this.#running = Promise.all(Array.from({ length: callers }, () => this.#callAgainAndAgain()));
    this.#running.catch(() => undefined);
  }

  /** What is done in the time that begins now. @throws the first error of any call, at once */
  async measure(durationMs: number): Promise<Measurement> {
    this.#latency.reset();
    this.#calls = 0;
    const [begun, before] = [performance.now(), readCpu(this.#watched)];
    await Promise.race([sleep(durationMs), this.#running]);
    const [ended, after] = [performance.now(), readCpu(this.#watched)];
    const operations = this.#calls * this.#operationsPerCall;
    return {
      operations,
      seconds: (ended - begun) / 1_000,
      p50Ms: this.#latency.percentile(50) / 1_000,
      p99Ms: this.#latency.percentile(99) / 1_000,
      p999Ms: this.#latency.percentile(99.9) / 1_000,
      cpuMicros: cpuPerOperation(before, after, operations),
    };
  }

  /** Makes no more calls, and waits for those under way. @throws the first error of any call */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #callAgainAndAgain(): Promise<void> {
    while (!this.#stopped) {
      const begun = performance.now();
      await this.#call();
      this.#latency.record(Math.max(1, Math.round((performance.now() - begun) * 1_000)));
      this.#calls++;
    }
  }
}
