import type { Measurement } from './measurement.js';
import type { Point } from './points.js';
import type { Round, Stack } from './stack.js';
import type { Job } from './job.js';

/** How long a load runs before it is measured: connections are open then, and the code is compiled. */
const WARMUP_MS = 1_000;

/** Measures a point once. */
export async function measurePoint(
  { callers, task }: Point,
  { database, worker }: Stack,
  { bank, floorUrl }: Round,
  seconds: number,
): Promise<Measurement> {
  const durationMs = seconds * 1_000;
  const { postmaster } = database;
  const job = (): Job => {
    switch (task.kind) {
      case 'flush':
        return { kind: 'flush', dir: database.diskDir, durationMs };
      case 'floor': {
        const watched = { server: [], postmaster };
        return { ...task, url: floorUrl, warmupMs: WARMUP_MS, durationMs, watched };
      }
      case 'bank': {
        const watched = { server: [bank.server.pid], postmaster };
        return { ...task, server: bank.address, callers, warmupMs: WARMUP_MS, durationMs, watched };
      }
    }
  };
  return (await worker.ask(job())) as Measurement;
}
