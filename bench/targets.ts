import { medianRatio, summarize, type Summary } from './measurement.js';
import type { PointResult } from './report.js';

/** A figure that the bank must reach. */
export interface Target {
  readonly name: string;
  /** Undefined if it was not measured in this run. */
  readonly figure: number | undefined;
  readonly bound: 'at least' | 'under';
  readonly limit: number;
  readonly unit: string;
}

/** What the bank must reach, most of it in proportion to what the same run has measured of its floor and its peers. */
export function targetsOf(fresh: readonly PointResult[], grown: readonly PointResult[] = []): Target[] {
  const of = figuresOf(fresh);
  const perSecond = (id: string) => of(id)?.perSecond;
  const ratio = (id: string, to: string) => quotient(perSecond(id), perSecond(to));
  const ids = (series: string) => idsOf(fresh, series);
  return [
    atLeast(0.6, '', '4,000 callers, in proportion to the floor', ratio('transfer/4000', 'floor/1')),
    atLeast(40_000, '/s', '4,000 callers', perSecond('transfer/4000')),
    atLeast(30_000, '/s', '1,000 callers', perSecond('transfer/1000')),
    atLeast(15_000, '/s', '64 callers', perSecond('transfer/64')),
    atLeast(1_000, '/s', '1 caller', perSecond('transfer/1')),
    under(1, ' ms', '1 caller, p50', of('transfer/1')?.p50Ms),
    under(80, ' ms', '1,000 callers, p99', of('transfer/1000')?.p99Ms),
    atLeast(
      10,
      '',
      'best, in proportion to the best of pgbench',
      quotient(max(ids('transfer').map(perSecond)), max(ids('pgbench').map(perSecond))),
    ),
    ...[1_000, 4_000].flatMap((callers) => [
      atLeast(
        0.8,
        '',
        `one hot account to uniform, ${callers} callers`,
        ratio(`hot/${callers}`, `transfer/${callers}`),
      ),
      atLeast(
        0.5,
        '',
        `between branches to within, ${callers} callers`,
        ratio(`cross/${callers}`, `transfer/${callers}`),
      ),
    ]),
    atLeast(0.5, '', 'REST to Express answering a constant', ratio('rest/100', 'express/100')),
    under(
      20,
      ' ms',
      "the event loop's delay, p99, worst of all points",
      max(allLoopDelays([...fresh, ...grown])),
    ),
    ...growthTargets(fresh, grown),
  ];
}

function growthTargets(fresh: readonly PointResult[], grown: readonly PointResult[]): Target[] {
  const [before, after] = [figuresOf(fresh), figuresOf(grown)];
  const runsOf = (results: readonly PointResult[], id: string) =>
    results.find(({ point }) => point.id === id)?.runs ?? [];
  const kept = idsOf(grown, 'transfer').map((id) => medianRatio(runsOf(grown, id), runsOf(fresh, id)));
  const pages = ['statement-newest/1', 'statement-oldest/1'];
  return [
    atLeast(0.9, '', 'grown to fresh, least of all concurrencies', min(kept)),
    under(5, ' ms', 'a page of a statement, p99, grown', max(pages.map((id) => after(id)?.p99Ms))),
    under(5, ' ms', 'a page of a statement, p99, fresh', max(pages.map((id) => before(id)?.p99Ms))),
  ];
}

function atLeast(limit: number, unit: string, name: string, figure: number | undefined): Target {
  return { name, figure, bound: 'at least', limit, unit };
}

function under(limit: number, unit: string, name: string, figure: number | undefined): Target {
  return { name, figure, bound: 'under', limit, unit };
}

function figuresOf(results: readonly PointResult[]): (id: string) => Summary | undefined {
  const measured = results.filter(({ runs }) => runs.length > 0);
  const summaries = new Map(measured.map(({ point, runs }) => [point.id, summarize(runs)]));
  return (id) => summaries.get(id);
}

function idsOf(results: readonly PointResult[], series: string): string[] {
  return results.filter(({ point }) => point.series === series).map(({ point }) => point.id);
}

function allLoopDelays(results: readonly PointResult[]): (number | undefined)[] {
  return results.map(({ runs }) => summarize(runs).loopDelayMs);
}

function quotient(figure: number | undefined, by: number | undefined): number | undefined {
  return figure === undefined || by === undefined ? undefined : figure / by;
}

function max(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function min(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
