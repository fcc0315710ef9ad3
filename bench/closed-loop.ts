import { createHistogram } from 'node:perf_hooks';
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
  const latency = createHistogram();
  const state = { calls: 0, stopped: false };
  const caller = async () => {
    while (!state.stopped) {
      const begun = performance.now();
      await call();
      latency.record(Math.max(1, Math.round((performance.now() - begun) * 1_000)));
      state.calls++;
    }
  };
  const running = Promise.all(Array.from({ length: callers }, caller));
  // Ends the waits below at once if a call fails.
  const failure = running.then(() => new Promise<never>(() => undefined));
  try {
    await Promise.race([sleep(warmupMs), failure]);
    latency.reset();
    state.calls = 0;
    const [begun, before] = [performance.now(), readCpu(watched)];
    await Promise.race([sleep(durationMs), failure]);
    const [ended, after] = [performance.now(), readCpu(watched)];
    const operations = state.calls * operationsPerCall;
    const measurement = {
      operations,
      seconds: (ended - begun) / 1_000,
      p50Ms: latency.percentile(50) / 1_000,
      p99Ms: latency.percentile(99) / 1_000,
      p999Ms: latency.percentile(99.9) / 1_000,
      cpuMicros: cpuPerOperation(before, after, operations),
    };
    state.stopped = true;
    await running;
    return measurement;
  } finally {
    state.stopped = true;
  }
}
