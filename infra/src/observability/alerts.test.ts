import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { production } from '../environments/production.js';
import { environmentManifests, onlyOfKind } from '../testing/manifest.js';
import { parsePromql } from '../testing/promql.js';
import { alertGroups, alerts } from './alerts.js';

const page = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

describe.each(alerts.map((alert) => [alert.name, alert] as const))('%s', (_name, alert) => {
  it('is PromQL', () => {
    const { errors, metrics } = parsePromql(alert.expr);
    expect(errors).toEqual([]);
    expect(metrics).not.toEqual([]);
  });

  it('says how long, how bad, and what is', () => {
    expect(alert.for).toMatch(/^\d+[smh]$/);
    expect(['page', 'ticket']).toContain(alert.severity);
    expect(alert.summary).toMatch(/^\S.*[^.]$/);
  });
});

it('docs/operations.md has a section for each alert, and for none that there is not', () => {
  const sections = [...page.matchAll(/^### (Giro\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(alerts.map(({ name }) => name));
});

it('the Prometheus operator gets the same rules, where it is said to be', () => {
  const rule = onlyOfKind(environmentManifests(production), 'PrometheusRule');
  expect(rule.spec.groups).toEqual(alertGroups());
});

it('what a query compares is told apart from what it compares it with', () => {
  const { compared } = parsePromql('rate(a[5m]) / b > 0.5 and on (c) d == 0 and e');
  expect(compared).toEqual(['rate(a[5m]) / b', 'd']);
});

it('a query that is none is found out', () => {
  expect(parsePromql('sum(rate(giro_calls_total[5m)').errors).not.toEqual([]);
});
