import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { parsePromql } from '../testing/promql.js';
import { alertGroups } from './alerts.js';
import { dashboard } from './dashboard.js';
import { rows } from './panels.js';

const queries = rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries));

it.each(queries.map(({ expr }) => expr))('%s is PromQL', (expr) => {
  const { errors, metrics } = parsePromql(expr);
  expect(errors).toEqual([]);
  expect(metrics).not.toEqual([]);
});

it('panels lie beside and below one another, within the grid, each with an id of its own', () => {
  const { panels } = dashboard();
  const taken = new Set<string>();
  for (const { gridPos, title } of panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${String(x)},${String(y)}`), title).toBe(false);
        taken.add(`${String(x)},${String(y)}`);
      }
    }
  }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});

it('each panel has a title of its own, and a unit', () => {
  const panels = rows.flatMap((row) => row.panels);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  const units = ['short', 's', 'ops', 'reqps', 'bytes', 'percentunit'];
  for (const { unit, title } of panels) expect(units, title).toContain(unit);
});

it('legends name only labels that are left in the answer', () => {
  for (const { expr, legend } of queries) {
    // Where nothing is summed up, what Prometheus adds is left.
    const left = /\bby \(/.test(expr) ? parsePromql(expr).labels : ['instance'];
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(left, expr).toContain(label);
  }
});

it('npm run synth:observability writes what Grafana and Prometheus import', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'giro-observability-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const workspace = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)('npm', ['run', 'synth:observability', '--', directory], { cwd: workspace });
  expect(JSON.parse(await readFile(join(directory, 'giro-dashboard.json'), 'utf8'))).toEqual(dashboard());
  expect(parse(await readFile(join(directory, 'giro-alerts.yaml'), 'utf8'))).toEqual({
    groups: alertGroups(),
  });
}, 60_000);
