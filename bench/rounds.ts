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
  const points = wantedPoints(options);
  const results = noResults(points);
  for (let run = 1; run <= options.runs; run++) {
    const round = await stack.startRound();
    await warmUp(stack, round, points);
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
  await warmUp(stack, round, points);
  const results = noResults(points);
  for (let run = 1; run <= options.runs; run++) {
    await measureRound(stack, round, results, options, `grown, run ${run} of ${options.runs}`);
  }
  await round.stop();
  return results;
}

/** How long a server that has just started is put to work: with many callers, and with one, whose every call is a commit. */
const CROWD_WARMUP_MS = 3_000;
const LONE_WARMUP_MS = 5_000;

/** The same for the API, in which every request is a call by itself: it takes some 10,000 until all is compiled. */
const REST_WARMUP_MS = 9_000;

/**
 * Puts a bank that has just started to work before anything is measured: its code is compiled then, as that of a bank that
 * has run for a while, and of the peers, which run through all rounds.
 */
async function warmUp({ worker, database }: Stack, { bank }: Round, points: readonly Point[]): Promise<void> {
  const watched = { server: [bank.server.pid], postmaster: database.postmaster };
  const transfers = (callers: number, durationMs: number): Job => ({
    kind: 'bank',
    server: bank.address,
    operation: { kind: 'transfer', choice: 'uniform' },
    ...{ callers, warmupMs: 0, durationMs, watched },
  });
  await worker.ask(transfers(256, CROWD_WARMUP_MS));
  await worker.ask(transfers(1, LONE_WARMUP_MS));
  if (!points.some(({ task }) => task.kind === 'rest')) return;
  const url = `http://127.0.0.1:${bank.api.port}`;
  const job: Job = {
    kind: 'rest',
    url,
    ...{ callers: 100, warmupMs: 1_000, durationMs: REST_WARMUP_MS, watched },
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
