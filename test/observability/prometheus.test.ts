/** What a real Prometheus makes of a real bank: every question of the dashboard and of the alerts is asked. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { alerts } from '../../infra/src/observability/alerts.js';
import { rows } from '../../infra/src/observability/panels.js';
import { parsePromql } from '../../infra/src/testing/promql.js';
import { startBusyBank, type BusyBank } from '../support/busy-bank.js';
import { isPrometheusMissing } from './missing-programs.js';
import { startPrometheus, type Prometheus } from './prometheus.js';
import { synthesizeRules, type RuleFiles } from './rule-files.js';

/** Grafana puts a duration there: four scrapes at least. */
const RATE_INTERVAL = '30s';

const panels = rows.flatMap((row) => row.panels);
const asked = panels.flatMap(({ title, queries }) => queries.map(({ expr }) => [title, expr] as const));
/** An alert itself answers nothing as long as all is well. What it looks at is there. */
const lookedAt = alerts.flatMap(({ name, expr }) =>
  parsePromql(expr).compared.map((part) => [name, part] as const),
);

/** Of these there is nothing to tell until something fails: no request is answered with 5xx. */
const silentWhenWell = ['GiroApiFails'];

/** A rate is there with the second scrape of what it is of. */
const SOON = { timeout: 15_000, interval: 200 };

describe.skipIf(isPrometheusMissing())('Prometheus', () => {
  let files: RuleFiles;
  let bank: BusyBank;
  let prometheus: Prometheus;
  let isWorking = true;
  let work: Promise<void>;

  beforeAll(async () => {
    [files, bank] = await Promise.all([synthesizeRules(), startBusyBank()]);
    const { servers, api } = bank.metrics;
    prometheus = await startPrometheus({ 'giro-server': servers, 'giro-api': [api] }, files.alerts);
    work = (async () => {
      while (isWorking) await bank.work();
    })();
    // The last thing to be there: the self-audit begins within 15 s of the start, and takes some steps.
    const isAudited = 'max(giro_audit_round_ended_timestamp_seconds) > 0';
    await vi.waitFor(async () => expect(await numbersOf(isAudited)).toHaveLength(1), { timeout: 50_000 });
  });
  afterAll(async () => {
    isWorking = false;
    await work;
    await prometheus[Symbol.asyncDispose]();
    await bank[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  it.each(asked)('has an answer for the panel %s: %s', async (_title, expr) => {
    await expect
      .poll(() => numbersOf(expr.replaceAll('$__rate_interval', RATE_INTERVAL)), SOON)
      .not.toEqual([]);
  });

  it.each(lookedAt.filter(([name]) => !silentWhenWell.includes(name)))(
    'has what the alert %s looks at: %s',
    async (_name, part) => {
      await expect.poll(() => numbersOf(part), SOON).not.toEqual([]);
    },
  );

  it('evaluates each alert without an error', async () => {
    const found = await prometheus.rules();
    expect(found.map(({ name }) => name)).toEqual(alerts.map(({ name }) => name));
    expect(found.filter(({ health }) => health !== 'ok')).toEqual([]);
    for (const { expr } of alerts) await numbersOf(expr);
  });

  it('would tell an error', async () => {
    await expect(numbersOf('sum(rate(giro_calls_total))')).rejects.toThrow('expected type range vector');
  });

  it('notices that all servers are gone, and that the API fails', async () => {
    isWorking = false;
    await work;
    await bank.stopServers();
    await expect.poll(failingShare, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(() => stateOf('GiroNoServer'), { timeout: 30_000 }).toBe('pending');
  });

  /** @throws if Prometheus does not take the question, or has a doubt about it. @returns what is a number at all */
  async function numbersOf(promql: string): Promise<number[]> {
    const { status, error, warnings = [], data } = await prometheus.query(promql);
    if (status === 'error' || warnings.length > 0) throw new Error(`${promql}: ${error ?? warnings.join()}`);
    const numbers = data?.result.map(({ value }) => Number(value[1])) ?? [];
    return numbers.filter((number) => !Number.isNaN(number));
  }

  async function stateOf(alert: string): Promise<string | undefined> {
    return (await prometheus.rules()).find(({ name }) => name === alert)?.state;
  }

  async function failingShare(): Promise<number> {
    await fetch(`${bank.apiUrl}/v1/branches/1`);
    const [share = 0] = await numbersOf(lookedAt.find(([name]) => name === 'GiroApiFails')?.[1] ?? '');
    return share;
  }
});
