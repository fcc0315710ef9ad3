/** That the dashboard and the alerts ask for what servers and the API really tell, by its metrics and labels. */
import { expect, it } from 'vitest';
import { alerts } from '../infra/src/observability/alerts.js';
import { rows } from '../infra/src/observability/panels.js';
import { parsePromql } from '../infra/src/testing/promql.js';
import { startBusyBank } from './support/busy-bank.js';

/** Prometheus adds it to whatever it scrapes. */
const TARGET_LABEL = 'instance';

const queries = [
  ...alerts.map(({ expr }) => expr),
  ...rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(({ expr }) => expr))),
];

it('every metric and label of the dashboard and the alerts is there', async () => {
  await using bank = await startBusyBank();
  await bank.work();
  const told = await labelsByMetric([...bank.metrics.servers, bank.metrics.api]);
  for (const query of queries) {
    const { metrics, labels } = parsePromql(query);
    expect(
      metrics.filter((metric) => !told.has(metric)),
      query,
    ).toEqual([]);
    const known = [TARGET_LABEL, ...metrics.flatMap((metric) => [...(told.get(metric) ?? [])])];
    expect(
      labels.filter((label) => !known.includes(label)),
      query,
    ).toEqual([]);
  }
});

/** The names of the labels that each metric has in some line of the text format. */
async function labelsByMetric(places: readonly string[]): Promise<Map<string, Set<string>>> {
  const told = new Map<string, Set<string>>();
  for (const place of places) {
    const text = await (await fetch(`http://${place}/metrics`)).text();
    for (const [, type] of text.matchAll(/^# TYPE (\w+)/gm)) if (type !== undefined) labelsOf(told, type);
    for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) labelsOf(told, name).add(label);
    }
  }
  return told;
}

function labelsOf(told: Map<string, Set<string>>, metric: string): Set<string> {
  const labels = told.get(metric) ?? new Set();
  told.set(metric, labels);
  return labels;
}
