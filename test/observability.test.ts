/** That the dashboard and the alerts ask for what servers and the API really tell, by its metrics and labels. */
import { startApi } from '@giro/api';
import { Bank, money } from '@giro/sdk';
import { startServer } from '@giro/server';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { emptyDatabase } from '../packages/server/test-support/database.js';
import { alerts } from '../infra/src/observability/alerts.js';
import { rows } from '../infra/src/observability/panels.js';
import { parsePromql } from '../infra/src/testing/promql.js';

/** Prometheus adds it to whatever it scrapes. */
const TARGET_LABEL = 'instance';

const queries = [
  ...alerts.map(({ expr }) => expr),
  ...rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(({ expr }) => expr))),
];

it('every metric and label of the dashboard and the alerts is there', async () => {
  const told = await labelsByMetric(await runBusyBank());
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

/** A bank that has applied, refused, repeated and contended writes. @returns where it tells of itself */
async function runBusyBank(): Promise<readonly string[]> {
  const databaseUrl = await emptyDatabase();
  const log = pino({ level: 'silent' });
  const start = () => startServer({ databaseUrl, log, port: 0, metricsPort: 0 });
  const servers = [await start(), await start()];
  const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
  const api = await startApi({ servers: addresses, port: 0, metricsPort: 0 });
  const [one, other] = addresses.map((address) => new Bank({ servers: address }));
  if (one === undefined || other === undefined) throw new Error('two banks were made');
  onTestFinished(async () => {
    for (const part of [one, other, api, ...servers]) await part.close();
  });

  await one.branches.initialize({ id: 1, initialBalance: money('100.00', 'USD') });
  const { id } = await one.accounts.open({ branch: 1, customer: 'ann', currency: 'USD' });
  const deposit = { to: id, amount: money('1.00', 'USD') };
  // By turns, so that each finds the branch further than it knew.
  for (const bank of [one, other, one, other]) await bank.deposit(deposit);
  await expect(one.withdraw({ from: id, amount: money('50.00', 'USD') })).rejects.toThrow();
  await fetch(`http://127.0.0.1:${api.port}/v1/branches/1`);
  return [...servers, api].map(({ metricsPort }) => `http://127.0.0.1:${String(metricsPort)}/metrics`);
}

/** The names of the labels that each metric has in some line of the text format. */
async function labelsByMetric(urls: readonly string[]): Promise<Map<string, Set<string>>> {
  const told = new Map<string, Set<string>>();
  for (const url of urls) {
    const text = await (await fetch(url)).text();
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
