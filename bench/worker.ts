import { Bank } from '@giro/sdk';
import { bankCall, operationsPerCall } from './bank-operation.js';
import type { Answer } from './child.js';
import { runClosedLoop } from './closed-loop.js';
import { fillBank } from './fill-bank.js';
import { measureFloor } from './floor.js';
import { measureFlushes } from './flush.js';
import type { Job } from './job.js';
import type { Measurement } from './measurement.js';

/** A load process: does one job at a time for its parent, and ends with it. */
process.on('message', (job: Job) => {
  void answer(job);
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

async function answer(job: Job): Promise<void> {
  try {
    say({ result: await run(job) });
  } catch (error) {
    say({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function say(message: Answer): void {
  process.send?.(message);
}

async function run(job: Job): Promise<Measurement | undefined> {
  switch (job.kind) {
    case 'fill': {
      await using bank = new Bank({ servers: job.server });
      await fillBank(bank);
      return undefined;
    }
    case 'bank': {
      await using bank = new Bank({ servers: job.server });
      return await runClosedLoop(bankCall(bank, job.operation), operationsPerCall(job.operation), job);
    }
    case 'floor':
      return measureFloor(job.url, job.shape, job);
    case 'flush':
      return measureFlushes(job.dir, job.durationMs);
  }
}
