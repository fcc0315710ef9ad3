import type { CpuMicros } from './cpu.js';
import { median } from './median.js';

/** What one run of a point came to. */
export interface Measurement {
  readonly operations: number;
  readonly seconds: number;
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  readonly p999Ms?: number | undefined;
  /** Processor time for each operation. */
  readonly cpuMicros?: CpuMicros | undefined;
  /** How late the server's timers were: 99 of 100 less than that. */
  readonly loopDelayMs?: number | undefined;
  /** How much of the time in which the server had something to do it waited for a core: 0 to 1. */
  readonly waitedShare?: number | undefined;
  /** How much of the machine's time was given to other machines meanwhile: 0 to 1. */
  readonly stolenShare?: number | undefined;
  /** The most memory that the server has taken so far. */
  readonly serverPeakBytes?: number | undefined;
}

/** The medians over the runs of a point. */
export interface Summary {
  readonly perSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly p999Ms: number | undefined;
  readonly clientMicros: number | undefined;
  readonly serverMicros: number | undefined;
  readonly databaseMicros: number | undefined;
  readonly loopDelayMs: number | undefined;
  readonly waitedPercent: number | undefined;
  readonly stolenPercent: number | undefined;
  readonly serverPeakMib: number | undefined;
}

/** @param runs - at least one */
export function summarize(runs: readonly Measurement[]): Summary {
  const of = (figure: (run: Measurement) => number | undefined) =>
    median(runs.map(figure).filter((value) => value !== undefined));
  return {
    perSecond: of(({ operations, seconds }) => operations / seconds) ?? 0,
    p50Ms: of((run) => run.p50Ms),
    p99Ms: of((run) => run.p99Ms),
    p999Ms: of((run) => run.p999Ms),
    clientMicros: of((run) => run.cpuMicros?.client),
    serverMicros: of((run) => run.cpuMicros?.server),
    databaseMicros: of((run) => run.cpuMicros?.database),
    loopDelayMs: of((run) => run.loopDelayMs),
    waitedPercent: of((run) => run.waitedShare && run.waitedShare * 100),
    stolenPercent: of((run) => run.stolenShare && run.stolenShare * 100),
    serverPeakMib: of((run) => run.serverPeakBytes && run.serverPeakBytes / 2 ** 20),
  };
}

/**
 * The median of what each run came to in proportion to another's of the same round.
 *
 * @param to - as many runs as there are of the other
 */
export function medianRatio(runs: readonly Measurement[], to: readonly Measurement[]): number | undefined {
  const rate = ({ operations, seconds }: Measurement) => operations / seconds;
  return median(
    runs.flatMap((run, index) => {
      const other = to[index];
      return other === undefined ? [] : [rate(run) / rate(other)];
    }),
  );
}
