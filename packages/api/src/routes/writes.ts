import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { abandonmentSchema, toAbandonmentJson } from '../json/abandonment.js';
import { branchIdText, writeId } from '../json/ids.js';
import { WRITE_REASONS } from './reasons.js';

const abandonWrite = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/writes/{id}/abandonment',
  operationId: 'abandonWrite',
  tag: 'Writes',
  summary: 'Use the id of a write up, or learn what became of the write',
  description:
    'For a write whose outcome is unknown: afterwards it is definite, even if its request is still on its way. `branch` is one that the write touches, such as that of its debited account.',
  request: { params: z.object({ branch: branchIdText, id: writeId }) },
  responses: { 200: { description: 'What became of it.', schema: abandonmentSchema } },
  reasons: [...WRITE_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ params }, { bank, writes, requestId }) =>
    answer(200, toAbandonmentJson(await bank.abandon(params, writes), requestId)),
});

export const writeRoutes = [abandonWrite];
