import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { childrenMicros, cpuPerOperation, readCpu, type CpuMicros } from './cpu.js';
import type { Measurement } from './measurement.js';
import { percentile } from './percentile.js';

/** Rows of pgbench's own bank: 10 branches, 1,000,000 accounts. */
const SCALE = 10;

/** Where Debian keeps it; the program in the path is only a wrapper there. */
const DEBIAN_DIR = '/usr/lib/postgresql';

/** The backends of a run end a little later than its client. */
const BACKENDS_END_MS = 200;

const run = promisify(execFile);

/** The path of pgbench; undefined if it is not installed. */
export function findPgbench(): string | undefined {
  const versions = existsSync(DEBIAN_DIR) ? readdirSync(DEBIAN_DIR) : [];
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const dirs = [
    ...newestFirst.map((version) => join(DEBIAN_DIR, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return dirs.map((dir) => join(dir, 'pgbench')).find((path) => existsSync(path));
}

/** How pgbench gets at a database. */
export interface PgbenchDatabase {
  readonly program: string;
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Makes pgbench's tables. */
export async function fillPgbench({ program, url, signal }: PgbenchDatabase): Promise<void> {
  const args = ['--initialize', '--quiet', `--scale=${SCALE}`];
  await run(program, args, { env: environmentFor(url), signal });
}

/** TPC-B as PostgreSQL's own tool has it: five statements and a commit, from C, with nothing in between. */
export async function measurePgbench(
  { program, url, signal }: PgbenchDatabase,
  clients: number,
  { warmupMs, durationMs, postmaster }: { warmupMs: number; durationMs: number; postmaster: number },
): Promise<Measurement> {
  const dir = await mkdtemp(join(tmpdir(), 'giro-pgbench-'));
  const jobs = Math.min(clients, availableParallelism());
  const args = ['--no-vacuum', '--protocol=prepared', `--client=${clients}`, `--jobs=${jobs}`];
  const pgbench = (ms: number, more: readonly string[] = []) =>
    run(program, [...args, ...more, `--time=${Math.ceil(ms / 1_000)}`], {
      env: environmentFor(url),
      signal,
      cwd: dir,
    });
  try {
    await pgbench(warmupMs);
    await sleep(BACKENDS_END_MS);
    const before = readTimes(postmaster);
    await pgbench(durationMs, ['--log']);
    await sleep(BACKENDS_END_MS);
    const cpu = [before, readTimes(postmaster)] as const;
    return measurementFrom(await readLatencies(dir), durationMs, cpu);
  } finally {
    await rm(dir, { recursive: true });
  }
}

function measurementFrom(
  latenciesMicros: Float64Array,
  durationMs: number,
  [before, after]: readonly [CpuMicros, CpuMicros],
): Measurement {
  const at = (percent: number) => percentile(latenciesMicros, percent) / 1_000;
  return {
    operations: latenciesMicros.length,
    seconds: Math.ceil(durationMs / 1_000),
    p50Ms: at(50),
    p99Ms: at(99),
    p999Ms: at(99.9),
    cpuMicros: cpuPerOperation(before, after, latenciesMicros.length),
  };
}

function readTimes(postmaster: number): CpuMicros {
  return { ...readCpu({ server: [], postmaster }), client: childrenMicros() };
}

/** Sorted, in microseconds: the third number of each line that pgbench logs. */
async function readLatencies(dir: string): Promise<Float64Array> {
  const texts = await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  return Float64Array.from(lines, (line) => Number(line.split(' ')[2])).sort();
}

/** By environment, since arguments are for everybody to see. */
function environmentFor(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    ...process.env,
    PGHOST: searchParams.get('host') ?? hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
}
