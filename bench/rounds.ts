import { ACTIVE_ACCOUNTS } from './accounts.js';
import type { RunningBank } from './bank.js';
import { readMachine, stolenShare } from './cpu.js';
import type { Job } from './job.js';
import { measurePoint } from './measure-point.js';
import type { BenchOptions } from './options.js';
import { dependsOnBank, POINTS, type Point } from './points.js';
import type { PointResult } from './report.js';
import type { Round, Stack } from './stack.js';
import { formatFigure } from './table.js';

/** What was measured of the fresh bank, and of the grown one if there was one. */
export interface Measured {
  readonly fresh: readonly PointResult[];
  readonly grown: readonly PointResult[] | undefined;
}

/**
 * Each round measures each point once, so that whatever else the machine does hits all of them alike; a point of both banks
 * twice in a row, in turns the one and the other first.
 */
export async function measureRounds(stack: Stack, options: BenchOptions): Promise<Measured> {
  if (options.grow !== undefined) await grow(stack, options.grow, options.accounts);
  const points = POINTS.filter(({ id }) => options.only?.test(id) ?? true);
  const fresh = points.map(noResult);
  const grown = options.grow === undefined ? undefined : points.filter(dependsOnBank).map(noResult);
  for (let run = 1; run <= options.runs; run++) {
    const round = await stack.startRound();
    const label = `run ${run} of ${options.runs}`;
    const banks = [
      { bank: round.fresh, results: fresh, of: '' },
      ...(round.grown && grown ? [{ bank: round.grown, results: grown, of: ' grown' }] : []),
    ];
    for (const { bank } of banks) await warmUp(stack, bank, points);
    if (run % 2 === 0) banks.reverse();
    for (const point of points) {
      const name = (of: string) => `${label}  ${`${point.id}${of}`.padEnd(NAME_WIDTH)}`;
      for (const { bank, results, of } of banks) {
        const result = results.find((each) => each.point === point);
        if (result !== undefined)
          await measureInto(result, stack, { bank, round, seconds: options.seconds, name: name(of) });
      }
    }
    await round.stop();
  }
  return { fresh, grown };
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
async function warmUp(
  { worker, database }: Stack,
  bank: RunningBank,
  points: readonly Point[],
): Promise<void> {
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

function noResult(point: Point): PointResult {
  return { point, runs: [] };
}

async function grow(stack: Stack, count: number, accounts: number): Promise<void> {
  const adding = accounts > ACTIVE_ACCOUNTS ? `opening ${accounts.toLocaleString('en')} accounts, then ` : '';
  console.error(`${adding}storing ${count.toLocaleString('en')} transfers …`);
  await stack.grow((server) => [
    ...(adding === '' ? [] : [{ kind: 'addAccounts', server, count: accounts } as const]),
    { kind: 'addTransfers', server, count, accounts },
  ]);
}

interface Turn {
  readonly bank: RunningBank;
  readonly round: Round;
  readonly seconds: number;
  /** What the figure is told of. */
  readonly name: string;
}

async function measureInto(
  { point, runs }: PointResult,
  stack: Stack,
  { bank, round, seconds, name }: Turn,
): Promise<void> {
  const before = readMachine();
  const measured = await measurePoint(point, stack, { bank, floorUrl: round.floorUrl }, seconds);
  if (measured === undefined) {
    console.error(`${name}   SKIPPED: ${point.series} not found`);
  } else {
    runs.push({ ...measured, stolenShare: stolenShare(before, readMachine()) });
    console.error(`${name} ${formatFigure(measured.operations / measured.seconds).padStart(9)}/s`);
  }
}

/** Longest id of a point, with what is said of a grown bank, or a little more. */
const NAME_WIDTH = 28;
