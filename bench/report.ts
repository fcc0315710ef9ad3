import { medianRatio, summarize, type Measurement, type Summary } from './measurement.js';
import type { Point } from './points.js';
import { formatFigure, formatTable } from './table.js';
import type { Target } from './targets.js';

/** What was measured of a point. */
export interface PointResult {
  readonly point: Point;
  /** None if the point was skipped. */
  readonly runs: Measurement[];
}

/** One line for each point: medians over its runs. */
export function resultsTable(results: readonly PointResult[]): string {
  return formatTable(
    ['point', 'callers', ...COLUMNS.map(([title]) => title)],
    results.map(({ point, runs }) => [...nameOf(point), ...figuresOf(point, runs)]),
  );
}

/** What the points came to on a fresh bank and on a grown one; the ratio is the median of those of the rounds. */
export function growthTable(fresh: readonly PointResult[], grown: readonly PointResult[]): string {
  const rows = grown.map(({ point, runs }) => {
    const freshRuns = fresh.find((result) => result.point.id === point.id)?.runs ?? [];
    const [before, after] = [summarize(freshRuns), summarize(runs)];
    const figures = [before.perSecond, after.perSecond, medianRatio(runs, freshRuns), after.p99Ms];
    return [...nameOf(point), ...figures.map(formatFigure)];
  });
  return formatTable(['point', 'callers', 'fresh/s', 'grown/s', 'ratio', 'grown p99 ms'], rows);
}

export function targetsTable(targets: readonly Target[]): string {
  const rows = targets.map(({ name, figure, bound, limit, unit }) => [
    name,
    figure === undefined ? 'not measured' : `${formatFigure(figure)}${unit}`,
    `${bound} ${limit.toLocaleString('en')}${unit}`,
    figure === undefined ? '' : isReached(figure, bound, limit) ? 'reached' : 'NOT REACHED',
  ]);
  return formatTable(['what it must reach', 'figure', 'target', ''], rows);
}

const COLUMNS: readonly (readonly [title: string, figure: keyof Summary])[] = [
  ['per second', 'perSecond'],
  ['p50 ms', 'p50Ms'],
  ['p99 ms', 'p99Ms'],
  ['p99.9 ms', 'p999Ms'],
  ['client µs', 'clientMicros'],
  ['server µs', 'serverMicros'],
  ['db µs', 'databaseMicros'],
  ['loop p99 ms', 'loopDelayMs'],
  ['no core %', 'waitedPercent'],
  ['stolen %', 'stolenPercent'],
  ['server MiB', 'serverPeakMib'],
];

function nameOf({ title, callers }: Point): string[] {
  return [title, callers.toLocaleString('en')];
}

function figuresOf({ series }: Point, runs: readonly Measurement[]): string[] {
  if (runs.length === 0) return [`skipped: ${series} not found`];
  const summary = summarize(runs);
  return COLUMNS.map(([, figure]) => formatFigure(summary[figure]));
}

function isReached(figure: number, bound: Target['bound'], limit: number): boolean {
  return bound === 'at least' ? figure >= limit : figure < limit;
}
