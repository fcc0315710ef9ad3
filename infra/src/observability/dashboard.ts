import { rows } from './panels.js';
import type { Panel, Row } from './panels.js';

/** Grafana's grid is 24 wide: three panels beside one another. */
const panelWidth = 8;
const panelHeight = 8;
const panelsAcross = 3;

/** Whichever Prometheus is chosen at the top of the dashboard. */
const datasource = { type: 'prometheus', uid: '${datasource}' };

/** The dashboard as Grafana 10 and later import it. */
export function dashboard() {
  let y = 0;
  const panels = rows.flatMap((row) => {
    const top = y;
    y += 1 + Math.ceil(row.panels.length / panelsAcross) * panelHeight;
    return [heading(row, top), ...row.panels.map((panel, index) => graph(panel, index, top + 1))];
  });
  return {
    uid: 'giro',
    title: 'Giro',
    tags: ['giro'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }],
    },
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
}

function heading({ title }: Row, y: number) {
  return { type: 'row' as const, title, collapsed: false, gridPos: { x: 0, y, w: 24, h: 1 }, panels: [] };
}

function graph({ title, unit, queries }: Panel, index: number, top: number) {
  return {
    type: 'timeseries' as const,
    title,
    datasource,
    gridPos: {
      x: (index % panelsAcross) * panelWidth,
      y: top + Math.floor(index / panelsAcross) * panelHeight,
      w: panelWidth,
      h: panelHeight,
    },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: queries.map(({ expr, legend }, query) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + query),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}
