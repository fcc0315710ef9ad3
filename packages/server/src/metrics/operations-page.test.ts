/** That docs/operations.md tells of every metric of the bank, and of none that there is not. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ServerMetrics } from './server-metrics.js';

test('the page for operators names the metrics that there are', async () => {
  const metrics = new ServerMetrics();
  const none = { active: false, entries: 0, rounds: 0, roundEndedMs: 0, problems: new Map() };
  metrics.watchAudit(() => none);
  metrics.watchConnections(() => ({ open: 0, idle: 0, waiting: 0 }));
  const zero = () => 0;
  metrics.watchServer({
    queuedCommands: zero,
    queuedCommandsMax: 0,
    commitLanes: zero,
    watches: zero,
    ready: () => true,
  });
  const there = metrics.registry.getMetricsAsArray().map(({ name }) => name);
  const page = await readFile(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  const named = new Set(page.match(/\b(giro_(?!api_)\w+|nodejs_eventloop_lag_\w+)/g));
  expect([...named].filter((name) => !there.includes(name))).toEqual([]);
  expect(there.filter((name) => name.startsWith('giro_') && !named.has(name))).toEqual([]);
});
