import { newWriteId } from '@giro/sdk/protocol';
import autocannon from 'autocannon';
import { transfers } from './bank-operation.js';
import { cpuPerOperation, readCpu } from './cpu.js';
import { inTurn } from './in-turn.js';
import type { Load } from './closed-loop.js';
import type { Measurement } from './measurement.js';

/** Posts transfers, each with a body and an id of its own. @throws if any answer is another than 2xx */
export async function measureRest(url: string, load: Load): Promise<Measurement> {
  const { callers, warmupMs, durationMs, watched } = load;
  const nextBody = inTurn(
    transfers('uniform').map(({ from, to, amount }) =>
      JSON.stringify({ from, to, amount: { amount: amount.amount.toString(), currency: amount.currency } }),
    ),
  );
  const run = async (ms: number) => {
    const before = readCpu(watched);
    const result = await autocannon({
      url,
      connections: callers,
      duration: ms / 1_000,
      requests: [{ method: 'POST', path: '/v1/transfers', setupRequest: withBody }],
    });
    return { result, cpu: [before, readCpu(watched)] as const };
  };
  const withBody = (request: autocannon.Request): autocannon.Request => ({
    ...request,
    headers: { 'content-type': 'application/json', 'idempotency-key': newWriteId() },
    body: nextBody(),
  });
  await run(warmupMs);
  const {
    result: { requests, duration, latency, non2xx, errors },
    cpu: [before, after],
  } = await run(durationMs);
  if (non2xx + errors > 0) throw new Error(`${non2xx} refused and ${errors} failed requests to ${url}`);
  return {
    operations: requests.total,
    seconds: duration,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    p999Ms: latency.p99_9,
    cpuMicros: cpuPerOperation(before, after, requests.total),
  };
}
