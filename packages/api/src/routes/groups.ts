import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { toGroupMembers } from '../json/batch.js';
import { groupInput } from '../json/commands.js';
import { groupSchema, toGroupJson } from '../json/group.js';
import { branchIdText, writeId } from '../json/ids.js';
import { groupReceiptSchema } from '../json/receipt.js';
import { writeInput } from '../json/write.js';
import { createdSpec, groupCreated } from './created.js';
import { DEBIT_REASONS, HOLD_REASONS, MOVE_REASONS, READ_REASONS, REVERSAL_REASONS } from './reasons.js';

const tag = 'Groups';

const params = z.object({ branch: branchIdText, id: writeId });

const executeGroup = defineRoute({
  method: 'post',
  path: '/v1/groups',
  operationId: 'executeGroup',
  tag,
  summary: 'Apply several writes together, or none of them',
  description:
    'If a member is refused, the answer is the problem of that member, with its index as `member` and one of `results` per member. The Idempotency-Key is the id of the group; members that name no id get one made from it.',
  keyed: true,
  request: { body: groupInput },
  responses: { 201: createdSpec('Applied, with a receipt for each member.', groupReceiptSchema) },
  reasons: [...MOVE_REASONS, ...DEBIT_REASONS, ...HOLD_REASONS, 'INSUFFICIENT_CASH', 'CAPTURE_EXCEEDS_HOLD'],
  handler: async ({ body, writeId: id }, { bank, writes }) => {
    const members = toGroupMembers(body.members, id);
    return groupCreated(await bank.groups.execute({ ...body, members, id }, writes));
  },
});

const getGroup = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/groups/{id}',
  operationId: 'getGroup',
  tag,
  summary: 'Read an applied group with its transfers',
  description:
    'A 404 proves nothing about a group whose request may still be on its way: to learn its outcome, send the same body with the same Idempotency-Key again, or abandon the write.',
  request: { params },
  responses: { 200: { description: 'The group.', schema: groupSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'GROUP_NOT_FOUND'],
  handler: async ({ params }, { bank, reads }) =>
    answer(200, toGroupJson(await bank.groups.get(params, reads))),
});

const reverseGroup = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/groups/{id}/reversal',
  operationId: 'reverseGroup',
  tag,
  summary: 'Reverse a group whole',
  description: 'Its members must be deposits, withdrawals and transfers.',
  keyed: true,
  bodyOptional: true,
  request: { params, body: writeInput },
  responses: { 201: createdSpec('Reversed, with a receipt for each member.', groupReceiptSchema) },
  reasons: REVERSAL_REASONS,
  handler: async ({ params: { branch, id: group }, body, writeId: id }, { bank, writes }) =>
    groupCreated(await bank.groups.reverse({ ...body, branch, group, id }, writes)),
});

export const groupRoutes = [executeGroup, getGroup, reverseGroup];
