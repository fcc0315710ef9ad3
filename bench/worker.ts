import { Bank } from '@giro/sdk';
import { bankCall, operationsPerCall } from './bank-operation.js';
import type { Answer } from './child.js';
import { runClosedLoop } from './closed-loop.js';
import { addAccounts, addTransfers, fillBank } from './fill-bank.js';
import { measureFloor } from './floor.js';
import { measureFlushes } from './flush.js';
import { measureGrpc } from './grpc-load.js';
import type { Job } from './job.js';
import type { Measurement } from './measurement.js';
import { measureRest } from './rest-load.js';
import { soak } from './soak.js';

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
    case 'floor':
      return measureFloor(job.url, job.shape, job);
    case 'flush':
      return measureFlushes(job.dir, job.durationMs);
    case 'rest':
      return measureRest(job.url, job);
    case 'grpc':
      return measureGrpc(job.address, job);
    default:
      return runOnBank(job);
  }
}

async function runOnBank(job: Extract<Job, { server: string }>): Promise<Measurement | undefined> {
  await using bank = new Bank({ servers: job.server });
  switch (job.kind) {
    case 'bank':
      return await runClosedLoop(bankCall(bank, job.operation), operationsPerCall(job.operation), job);
    case 'fill':
      await fillBank(bank);
      break;
    case 'addAccounts':
      await addAccounts(bank, job.count);
      break;
    case 'addTransfers':
      await addTransfers(bank, job.count, job.accounts);
      break;
    case 'soak':
      await soak(bank, job.durationMs, job.watched);
      break;
  }
  return undefined;
}
