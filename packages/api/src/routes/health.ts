import { BankError } from '@giro/sdk';
import { z } from 'zod';
import { Failure } from '../http/failure.js';
import { answer, defineRoute } from '../http/route.js';
import type { Context } from '../http/route.js';
import { READINESS_TIMEOUT_MS } from '../limits.js';

const tag = 'Health';

const alive = (path: string) =>
  defineRoute({
    method: 'get',
    path,
    operationId: 'healthz',
    tag,
    summary: 'Tell whether the API is alive',
    request: {},
    responses: { 200: { description: 'It is.', schema: z.object({ status: z.literal('alive') }) } },
    reasons: [],
    handler: () => Promise.resolve(answer(200, { status: 'alive' })),
  });

const ready = defineRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'readyz',
  tag,
  summary: 'Tell whether the bank answers through this API',
  request: {},
  responses: { 200: { description: 'It does.', schema: z.object({ status: z.literal('ready') }) } },
  reasons: ['UNAVAILABLE'],
  handler: async (_, context) => {
    if (context.stopping) throw notReady('the API is stopping');
    await askBank(context);
    return answer(200, { status: 'ready' });
  },
});

export const healthRoutes = [alive('/healthz'), ready];

/** The same on the port of the metrics, under the names that servers use. */
export const watchRoutes = [alive('/livez'), ready];

/** The cheapest question that goes all the way to the database. */
async function askBank({ bank, reads }: Context): Promise<void> {
  try {
    await bank.branches.list({ pageSize: 1 }, { ...reads, timeoutMs: READINESS_TIMEOUT_MS });
  } catch (error) {
    throw notReady('the bank does not answer', error);
  }
}

function notReady(problem: string, cause?: unknown): Failure {
  return new Failure(new BankError({ reason: 'UNAVAILABLE', metadata: { problem }, cause }));
}
