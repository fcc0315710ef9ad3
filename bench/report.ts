import { summarize, type Measurement } from './measurement.js';
import type { Point } from './points.js';
import { formatFigure, formatTable } from './table.js';

/** What was measured of a point. */
export interface PointResult {
  readonly point: Point;
  readonly runs: Measurement[];
}

const HEAD = [
  'point',
  'callers',
  'per second',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'client µs',
  'server µs',
  'db µs',
];

/** One line for each point: medians over its runs. */
export function reportTable(results: readonly PointResult[]): string {
  const rows = results
    .filter(({ runs }) => runs.length > 0)
    .map(({ point, runs }) => {
      const summary = summarize(runs);
      const { p50Ms, p99Ms, p999Ms, clientMicros, serverMicros, databaseMicros } = summary;
      const figures = [p50Ms, p99Ms, p999Ms, clientMicros, serverMicros, databaseMicros];
      return [
        point.title,
        point.callers.toLocaleString('en'),
        formatFigure(summary.perSecond),
        ...figures.map(formatFigure),
      ];
    });
  return formatTable(HEAD, rows);
}
