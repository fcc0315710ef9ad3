import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../scripts/build.js';
import { summarize } from './measurement.js';
import type { BenchOptions } from './options.js';
import { plotResults } from './plot-results.js';
import type { PointResult } from './report.js';
import type { Target } from './targets.js';

/** All that a run has come to. */
export interface Results {
  readonly options: BenchOptions;
  /** PostgreSQL's version. */
  readonly postgres: string;
  readonly fresh: readonly PointResult[];
  readonly grown: readonly PointResult[] | undefined;
  readonly targets: readonly Target[];
}

/** Writes a JSON file with every run and a plot of the medians. @returns their paths, as seen from the repository */
export async function writeResults({ options, postgres, fresh, grown, targets }: Results): Promise<string[]> {
  const dir = join(root, 'bench/results');
  await mkdir(dir, { recursive: true });
  const date = new Date().toISOString();
  const path = join(dir, date.replaceAll(':', '-').slice(0, DATE_CHARACTERS));
  const machine = await describeMachine(postgres);
  const written = {
    date,
    machine,
    options: { ...options, only: options.only?.source },
    targets,
    fresh: withSummaries(fresh),
    ...(grown && { grown: withSummaries(grown) }),
  };
  const plot = plotResults(fresh, grown ?? [], `${machine.cpu} × ${machine.cpus}, ${date.slice(0, 10)}`);
  await writeFile(`${path}.json`, `${JSON.stringify(written, undefined, 2)}\n`);
  await writeFile(`${path}.svg`, plot);
  return [`${path}.json`, `${path}.svg`].map((file) => relative(root, file));
}

/** A date to the second. */
const DATE_CHARACTERS = 19;

function withSummaries(results: readonly PointResult[]) {
  return results.map(({ point, runs }) => ({
    ...point,
    ...(runs.length > 0 && { median: summarize(runs) }),
    runs,
  }));
}

async function describeMachine(postgres: string) {
  return {
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cpus: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres,
    commit: await currentCommit(),
  };
}

/** What was measured, if it is known: a copy without history can be measured, too. */
async function currentCommit(): Promise<string | undefined> {
  const git = promisify(execFile);
  return git('git', ['describe', '--always', '--dirty'], { cwd: root }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
