import type { RunningBank } from './bank.js';
import { peakRssBytes, readScheduled, waitedShare } from './cpu.js';
import type { Job } from './job.js';
import type { Measurement } from './measurement.js';
import { measurePgbench } from './pgbench.js';
import type { Point } from './points.js';
import type { Stack } from './stack.js';

/** How long a load runs before it is measured: connections are open then, and the code is compiled. */
const WARMUP_MS = 1_000;

/** What a point is measured on, as far as it needs it. */
interface MeasuredOn {
  readonly bank: RunningBank;
  readonly floorUrl: string;
}

/** Measures a point once. @returns undefined if what it takes is not there */
export async function measurePoint(
  { callers, task }: Point,
  stack: Stack,
  { bank, floorUrl }: MeasuredOn,
  seconds: number,
): Promise<Measurement | undefined> {
  const { database } = stack;
  const { postmaster } = database;
  const load = { callers, warmupMs: WARMUP_MS, durationMs: seconds * 1_000 };
  const ask = async (job: Job) => (await stack.worker.ask(job)) as Measurement;
  switch (task.kind) {
    case 'flush':
      return ask({ ...task, ...load, dir: database.diskDir });
    case 'floor':
      return ask({ ...task, ...load, url: floorUrl, watched: { server: [], postmaster } });
    case 'bank': {
      const { pid } = bank.server;
      const watched = { server: [pid], postmaster };
      await bank.loopDelayMs();
      const before = readScheduled(pid);
      const measured = await ask({ ...task, ...load, server: bank.address, watched });
      const waited = waitedShare(before, readScheduled(pid));
      const loopDelayMs = await bank.loopDelayMs();
      return { ...measured, loopDelayMs, waitedShare: waited, serverPeakBytes: peakRssBytes(pid) };
    }
    case 'rest': {
      const peer = task.to === 'api' ? bank.api : await stack.peer('express');
      const watched =
        task.to === 'api' ? { server: [peer.pid, bank.server.pid], postmaster } : { server: [peer.pid] };
      return ask({ ...task, ...load, url: `http://127.0.0.1:${peer.port}`, watched });
    }
    case 'grpc': {
      const peer = await stack.peer('grpc');
      return ask({ ...task, ...load, address: `127.0.0.1:${peer.port}`, watched: { server: [peer.pid] } });
    }
    case 'pgbench': {
      const pgbench = await stack.pgbench();
      return pgbench && measurePgbench(pgbench, callers, { ...load, postmaster });
    }
  }
}
