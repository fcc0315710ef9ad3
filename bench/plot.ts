import { logScale, type LogScale } from './log-scale.js';

/** A line in a panel, or a dot if it has one point only. */
export interface Curve {
  readonly label: string;
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A level goes from side to side, wherever its one point is. */
  readonly style?: 'thick' | 'dashed' | 'level';
}

/** A pair of axes, both logarithmic, and what is drawn in it. */
export interface Panel {
  readonly title: string;
  readonly xTitle: string;
  readonly curves: readonly Curve[];
}

/** Draws panels side by side. Labels stand at the right end of the curves, moved apart where they would meet. */
export function renderPlot(title: string, subtitle: string, panels: readonly Panel[]): string {
  const width = panels.length * PANEL_WIDTH + 2 * MARGIN;
  const height = TOP + PLOT_HEIGHT + BOTTOM;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"
  font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN}" y="34" font-size="19" font-weight="600">${escape(title)}</text>
<text x="${MARGIN}" y="54" fill="${MUTED}">${escape(subtitle)}</text>
${panels.map((panel, index) => renderPanel(panel, MARGIN + index * PANEL_WIDTH)).join('\n')}
</svg>
`;
}

const MARGIN = 24;
const TOP = 108;
const BOTTOM = 56;
const PLOT_WIDTH = 440;
const PLOT_HEIGHT = 360;
/** Room for the numbers to the left of a panel, and for the labels to its right. */
const AXIS_WIDTH = 56;
const LABEL_WIDTH = 214;
const PANEL_WIDTH = AXIS_WIDTH + PLOT_WIDTH + LABEL_WIDTH;
const LABEL_HEIGHT = 18;

const INK = '#1f2933';
const MUTED = '#67727e';
const GRID = '#e6e9ed';

function renderPanel({ title, xTitle, curves }: Panel, left: number): string {
  const points = curves.flatMap((curve) => curve.points);
  const begin = left + AXIS_WIDTH;
  const xs = curves.filter(({ style }) => style !== 'level').flatMap((curve) => curve.points.map(([x]) => x));
  const x = logScale(xs, begin, begin + PLOT_WIDTH);
  const y = logScale(
    points.map(([, value]) => value),
    TOP + PLOT_HEIGHT,
    TOP,
  );
  return [
    `<text x="${begin}" y="${TOP - 18}" font-size="14" font-weight="600">${escape(title)}</text>`,
    ...y.ticks.map((tick) => gridLine(begin, y.place(tick), tick)),
    ...measuredTicks(xs, x).map((tick) => xTick(x.place(tick), tick)),
    text(begin + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 42, escape(xTitle), 'middle'),
    ...curves.map((curve) => renderCurve(curve, x, y, begin)),
    ...renderLabels(curves, y, begin + PLOT_WIDTH + 14),
  ].join('\n');
}

/** The numbers that were measured at, but for those that there is no room for. */
function measuredTicks(xs: readonly number[], x: LogScale): number[] {
  const ticks: number[] = [];
  for (const tick of [...new Set(xs)].sort((a, b) => a - b)) {
    const last = ticks.at(-1);
    if (last === undefined || x.place(tick) - x.place(last) >= TICK_WIDTH) ticks.push(tick);
  }
  return ticks;
}

/** Room for a number below an axis. */
const TICK_WIDTH = 32;

function gridLine(begin: number, y: number, tick: number): string {
  const line = `<path d="M${begin} ${round(y)}h${PLOT_WIDTH}" stroke="${GRID}"/>`;
  return line + text(begin - 8, y + 4, tick.toLocaleString('en'), 'end');
}

function xTick(x: number, tick: number): string {
  const bottom = TOP + PLOT_HEIGHT;
  const mark = `<path d="M${round(x)} ${bottom}v5" stroke="${MUTED}"/>`;
  return mark + text(x, bottom + 19, tick.toLocaleString('en'), 'middle');
}

function renderCurve({ color, points, style }: Curve, x: LogScale, y: LogScale, begin: number): string {
  const stroke = `fill="none" stroke="${color}" stroke-linejoin="round"`;
  const [only] = points;
  if (style === 'level' && only !== undefined) {
    return `<path d="M${begin} ${round(y.place(only[1]))}h${PLOT_WIDTH}" ${stroke} stroke-width="1.5" stroke-dasharray="7 5"/>`;
  }
  const places = points.map(([px, py]) => `${round(x.place(px))} ${round(y.place(py))}`);
  const width = style === 'thick' ? 3 : 1.75;
  const dashes = style === 'dashed' ? ' stroke-dasharray="4 4"' : '';
  const line = `<path d="M${places.join('L')}" ${stroke} stroke-width="${width}"${dashes}/>`;
  const dots = points.map(
    ([px, py]) =>
      `<circle cx="${round(x.place(px))}" cy="${round(y.place(py))}" r="${style === 'thick' ? 4.5 : 3.5}" fill="${color}" stroke="#fff"/>`,
  );
  return (points.length > 1 ? line : '') + dots.join('');
}

function renderLabels(curves: readonly Curve[], y: LogScale, left: number): string[] {
  const wanted = curves
    .map((curve) => ({ ...curve, at: y.place(curve.points.at(-1)?.[1] ?? 1) }))
    .sort((a, b) => a.at - b.at);
  const places = spread(
    wanted.map(({ at }) => at),
    LABEL_HEIGHT,
    TOP + PLOT_HEIGHT,
  );
  return wanted.map(({ label, color, style }, index) => {
    const at = places[index] ?? 0;
    const dashes = style === 'dashed' || style === 'level' ? ' stroke-dasharray="4 3"' : '';
    const swatch = `<path d="M${left} ${round(at)}h18" stroke="${color}" stroke-width="${style === 'thick' ? 3 : 2}"${dashes}/>`;
    const weight = style === 'thick' ? ' font-weight="600"' : '';
    return `${swatch}<text x="${left + 24}" y="${round(at + 4)}" fill="${color}"${weight}>${escape(label)}</text>`;
  });
}

/** Moves places, which rise, apart until none is nearer than `gap` to the next, and none is beyond `end`. */
export function spread(places: readonly number[], gap: number, end: number): number[] {
  const moved: number[] = [];
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? -Infinity) + gap));
  for (let index = moved.length - 1; index >= 0; index--) {
    const limit = index === moved.length - 1 ? end : (moved[index + 1] ?? end) - gap;
    moved[index] = Math.min(moved[index] ?? 0, limit);
  }
  return moved;
}

function text(x: number, y: number, content: string, anchor: 'middle' | 'end'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${MUTED}">${content}</text>`;
}

function round(place: number): string {
  return place.toFixed(1);
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
