import { summarize, type Summary } from './measurement.js';
import { renderPlot, type Curve, type Panel } from './plot.js';
import type { PointResult } from './report.js';

/**
 * A plot of the medians: throughput and latency, by callers, beside the floor and the peers.
 *
 * @param grown - the same points measured once more when the bank held much, if they were
 */
export function plotResults(
  fresh: readonly PointResult[],
  grown: readonly PointResult[],
  machine: string,
): string {
  const panels = [
    throughputPanel(curvesOf(fresh), curvesOf(grown)),
    latencyPanel(curvesOf(fresh), curvesOf(grown)),
  ].filter(({ curves }) => curves.length > 0);
  return renderPlot('Durable transfers through the SDK, beside the floor and peers', machine, panels);
}

function curvesOf(results: readonly PointResult[]): MakeCurve {
  const measured = results
    .filter(({ runs }) => runs.length > 0)
    .map(({ point, runs }) => ({ point, summary: summarize(runs) }));
  return (series, label, color, figure, style) => {
    const points = measured
      .filter(({ point }) => point.series === series)
      .flatMap(({ point, summary }) => {
        const value = summary[figure];
        return value === undefined ? [] : [[point.callers, value] as const];
      });
    return points.length === 0 ? [] : [{ label, color, points, ...(style && { style }) }];
  };
}

type MakeCurve = (
  series: string,
  label: string,
  color: string,
  figure: keyof Summary,
  style?: Curve['style'],
) => Curve[];

const GIRO = '#1261d6';
const NAVY = '#1b2a6b';
const GREEN = '#0c8f5f';
const PURPLE = '#7a4cc4';
const TEAL = '#0a8ba0';
const ORANGE = '#d9690f';
const RED = '#c22f45';
const PINK = '#c43d93';
const OLIVE = '#7d7a12';
const SLATE = '#3d4a57';

function throughputPanel(curve: MakeCurve, grown: MakeCurve): Panel {
  return {
    title: 'Operations per second',
    xTitle: 'callers at a time',
    curves: [
      ...curve('floor', 'floor: the rows by hand', SLATE, 'perSecond', 'level'),
      ...curve('transfer', 'transfers', GIRO, 'perSecond', 'thick'),
      ...grown('transfer', 'transfers, bank grown', NAVY, 'perSecond', 'dashed'),
      ...curve('hot', 'one hot account', PURPLE, 'perSecond'),
      ...curve('cross', 'between branches', TEAL, 'perSecond'),
      ...curve('balance', 'balance reads', GREEN, 'perSecond'),
      ...curve('grpc', 'gRPC in memory', ORANGE, 'perSecond'),
      ...curve('pgbench', 'pgbench TPC-B', RED, 'perSecond'),
      ...curve('rest', 'REST transfers', PINK, 'perSecond'),
      ...curve('express', 'Express, a constant', OLIVE, 'perSecond'),
    ],
  };
}

function latencyPanel(curve: MakeCurve, grown: MakeCurve): Panel {
  return {
    title: 'Latency in milliseconds: median, and 99th percentile dashed',
    xTitle: 'callers at a time',
    curves: [
      ...curve('transfer', 'transfers', GIRO, 'p50Ms', 'thick'),
      ...curve('transfer', 'transfers, p99', GIRO, 'p99Ms', 'dashed'),
      ...grown('transfer', 'transfers, grown', NAVY, 'p50Ms'),
      ...grown('transfer', 'transfers, grown, p99', NAVY, 'p99Ms', 'dashed'),
      ...curve('grpc', 'gRPC in memory', ORANGE, 'p50Ms'),
      ...curve('grpc', 'gRPC in memory, p99', ORANGE, 'p99Ms', 'dashed'),
      ...curve('pgbench', 'pgbench TPC-B', RED, 'p50Ms'),
      ...curve('pgbench', 'pgbench TPC-B, p99', RED, 'p99Ms', 'dashed'),
    ],
  };
}
