import { measurePoint } from './measure-point.js';
import { parseOptions, type BenchOptions } from './options.js';
import { allPoints } from './points.js';
import { reportTable, type PointResult } from './report.js';
import { Stack } from './stack.js';
import { formatFigure } from './table.js';

/** Measures all points that are wanted, and tells what they came to. Leaves nothing running, whatever happens. */
export async function runBench(argv: readonly string[]): Promise<void> {
  const options = parseOptions(argv);
  const stop = new AbortController();
  // Asked again, it goes on stopping: npm hands a Ctrl-C on to a process that has got it from the terminal already.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop.abort(new Error(`stopped by ${signal}`));
    });
  try {
    const stack = await Stack.start(stop.signal);
    try {
      console.log(`\n${reportTable(await measureRounds(stack, options))}`);
    } finally {
      await stack.stop();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  process.exit();
}

/** Each round measures each point once, so that whatever else the machine does hits all of them alike. */
async function measureRounds(stack: Stack, { runs, seconds, only }: BenchOptions): Promise<PointResult[]> {
  const points = allPoints().filter(({ id }) => only?.test(id) ?? true);
  const results = points.map((point): PointResult => ({ point, runs: [] }));
  for (let run = 1; run <= runs; run++) {
    const round = await stack.startRound();
    for (const { point, runs: measured } of results) {
      const measurement = await measurePoint(point, stack, round, seconds);
      measured.push(measurement);
      const perSecond = formatFigure(measurement.operations / measurement.seconds);
      console.error(`run ${run} of ${runs}  ${point.id.padEnd(22)} ${perSecond.padStart(9)}/s`);
    }
    await round.stop();
  }
  return results;
}
