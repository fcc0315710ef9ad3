import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePorts } from '../support/launched-bank.js';

/** A Prometheus of a test's own, which scrapes every second. */
export interface Prometheus extends AsyncDisposable {
  /** Asks for PromQL as of now. @returns what Prometheus answers, errors included */
  query(promql: string): Promise<Answer>;
  /** Every rule, and how its last evaluation went. */
  rules(): Promise<readonly Rule[]>;
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface Answer {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

export interface Rule {
  readonly name: string;
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError?: string;
}

/** What to scrape, by the name of the job. */
export type Targets = Readonly<Record<string, readonly string[]>>;

/** It replays its own log at the start, which is empty, on a machine that may be busy. */
const READY_MS_MAX = 30_000;

/** @throws with what it printed if it does not start in time */
export async function startPrometheus(targets: Targets, ruleFile: string): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'giro-prometheus-'));
  const config = join(directory, 'prometheus.yml');
  await writeFile(config, stringify(configuration(targets, ruleFile)));
  const [port = 0] = await freePorts(1);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  const deadlineMs = Date.now() + READY_MS_MAX;
  while (!(await isReady(url))) {
    if (child.exitCode === null && Date.now() < deadlineMs) continue;
    await stop();
    throw new Error(`Prometheus does not start: ${printed}`);
  }
  return {
    query: async (promql) => {
      const body = new URLSearchParams({ query: promql });
      return (await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).json()) as Answer;
    },
    rules: async () => {
      const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
        data: { groups: readonly { rules: readonly Rule[] }[] };
      };
      return data.groups.flatMap(({ rules }) => rules);
    },
    [Symbol.asyncDispose]: stop,
  };
}

function configuration(targets: Targets, ruleFile: string): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [ruleFile],
    scrape_configs: Object.entries(targets).map(([job, places]) => ({
      job_name: job,
      static_configs: [{ targets: places }],
    })),
  };
}

async function isReady(url: string): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
