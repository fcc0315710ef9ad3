import { ACTIVE_ACCOUNTS } from './accounts.js';
import type { Job } from './job.js';
import { measurePoint } from './measure-point.js';
import type { BenchOptions } from './options.js';
import { dependsOnBank, POINTS, type Point } from './points.js';
import type { PointResult } from './report.js';
import type { Round, Stack } from './stack.js';
import { formatFigure } from './table.js';

/** Each round measures each point once, so that whatever else the machine does hits all of them alike. */
export async function measureFresh(stack: Stack, options: BenchOptions): Promise<PointResult[]> {
  const results = noResults(wantedPoints(options));
  for (let run = 1; run <= options.runs; run++) {
    const round = await stack.startRound();
    await warmUp(stack, round);
    await measureRound(stack, round, results, options, `run ${run} of ${options.runs}`);
    await round.stop();
  }
  return results;
}

/** Stores transfers, then measures the same points again; the floor too, which tells if the machine has changed. */
export async function measureGrown(
  stack: Stack,
  options: BenchOptions,
  transfers: number,
): Promise<PointResult[]> {
  const round = await stack.startRound();
  await grow(stack, round, transfers, options.accounts);
  const points = wantedPoints(options).filter(
    (point) => dependsOnBank(point) || point.task.kind === 'floor' || point.task.kind === 'flush',
  );
  const results = noResults(points);
  for (let run = 1; run <= options.runs; run++) {
    await measureRound(stack, round, results, options, `grown, run ${run} of ${options.runs}`);
  }
  await round.stop();
  return results;
}

/** How long a server that has just started is put to work before any point is measured: its code is compiled then. */
const SERVER_WARMUP_MS = 3_000;

async function warmUp({ worker, database }: Stack, { bank }: Round): Promise<void> {
  const job: Job = {
    kind: 'bank',
    server: bank.address,
    operation: { kind: 'transfer', choice: 'uniform' },
    callers: 256,
    warmupMs: 0,
    durationMs: SERVER_WARMUP_MS,
    watched: { server: [bank.server.pid], postmaster: database.postmaster },
  };
  await worker.ask(job);
}

function wantedPoints({ only }: BenchOptions): Point[] {
  return POINTS.filter(({ id }) => only?.test(id) ?? true);
}

function noResults(points: readonly Point[]): PointResult[] {
  return points.map((point) => ({ point, runs: [] }));
}

async function grow(stack: Stack, { bank }: Round, count: number, accounts: number): Promise<void> {
  const server = bank.address;
  if (accounts > ACTIVE_ACCOUNTS) {
    console.error(`opening ${accounts.toLocaleString('en')} accounts …`);
    const job: Job = { kind: 'addAccounts', server, count: accounts };
    await stack.worker.ask(job);
  }
  console.error(`storing ${count.toLocaleString('en')} transfers …`);
  const job: Job = { kind: 'addTransfers', server, count, accounts };
  await stack.worker.ask(job);
  await stack.database.checkpoint();
}

async function measureRound(
  stack: Stack,
  round: Round,
  results: readonly PointResult[],
  { seconds }: BenchOptions,
  label: string,
): Promise<void> {
  for (const { point, runs } of results) {
    const name = `${label}  ${point.id.padEnd(ID_WIDTH)}`;
    const measured = await measurePoint(point, stack, round, seconds);
    if (measured === undefined) {
      console.error(`${name}   SKIPPED: ${point.series} not found`);
    } else {
      runs.push(measured);
      console.error(`${name} ${formatFigure(measured.operations / measured.seconds).padStart(9)}/s`);
    }
  }
}

/** Longest id of a point, or a little more. */
const ID_WIDTH = 22;
