import { parseOptions, type BenchOptions } from './options.js';
import { growthTable, resultsTable, targetsTable } from './report.js';
import { measureRounds } from './rounds.js';
import type { Job } from './job.js';
import { Stack } from './stack.js';
import { targetsOf } from './targets.js';
import { writeResults } from './write-results.js';

/** Measures all points that are wanted, and tells what they came to. Leaves nothing running, whatever happens. */
export async function runBench(argv: readonly string[]): Promise<void> {
  const options = parseOptions(argv);
  const stop = new AbortController();
  // Asked again, it goes on stopping: npm hands a Ctrl-C on to a process that has got it from the terminal already.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      stop.abort(new Error(`Stopped by ${signal}.`));
    });
  try {
    const stack = await Stack.start(stop.signal);
    try {
      if (options.soak === undefined) await measure(stack, options);
      else await soak(stack, options.soak);
    } finally {
      await stack.stop();
    }
  } catch (error) {
    const reason: unknown = stop.signal.reason;
    console.error(reason instanceof Error ? reason.message : error);
    process.exitCode = 1;
  }
  process.exit();
}

async function measure(stack: Stack, options: BenchOptions): Promise<void> {
  const { fresh, grown } = await measureRounds(stack, options);
  console.log(`\n${resultsTable(fresh)}`);
  if (grown !== undefined) console.log(`\n${resultsTable(grown)}\n\n${growthTable(fresh, grown)}`);
  const targets = targetsOf(fresh, grown);
  console.log(`\n${targetsTable(targets)}`);
  const postgres = await stack.database.version();
  const files = await writeResults({ options, postgres, fresh, grown, targets });
  console.log(`\nWritten: ${files.join(', ')}`);
}

async function soak(stack: Stack, durationMs: number): Promise<void> {
  const { fresh: bank } = await stack.startRound();
  const watched = { server: [bank.server.pid], postmaster: stack.database.postmaster };
  const job: Job = { kind: 'soak', server: bank.address, durationMs, watched };
  await stack.worker.ask(job);
}
