import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { captureHoldInput, placeHoldInput } from '../json/commands.js';
import { flagQuery } from '../json/flag.js';
import { holdSchema, placedHoldSchema, toHoldJson, toPlacedHoldJson } from '../json/hold.js';
import { accountId, branchIdText, writeId } from '../json/ids.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import { writeInput } from '../json/write.js';
import { applied, appliedSpec } from './applied.js';
import { created, createdSpec, transferCreated, transferCreatedSpec } from './created.js';
import {
  BRANCH_WRITE_REASONS,
  DEBIT_REASONS,
  HOLD_REASONS,
  MOVE_REASONS,
  POSTING_REASONS,
  READ_REASONS,
} from './reasons.js';

const tag = 'Holds';

const params = z.object({
  branch: branchIdText,
  hold: writeId.meta({ description: "The hold's id." }),
});

const placeHold = defineRoute({
  method: 'post',
  path: '/v1/holds',
  operationId: 'placeHold',
  tag,
  summary: 'Reserve an amount for a transfer to come',
  description: 'The Idempotency-Key becomes the id of the hold, which is captured, released, or expires.',
  keyed: true,
  request: { body: placeHoldInput },
  responses: { 201: createdSpec('The hold as it was placed.', placedHoldSchema) },
  reasons: [...MOVE_REASONS, ...DEBIT_REASONS],
  handler: async ({ body, writeId: id }, { bank, writes }) => {
    const hold = await bank.holds.place({ ...body, id }, writes);
    return created(toPlacedHoldJson(hold), hold.receipt, `/v1/branches/${hold.branch}/holds/${hold.id}`);
  },
});

const getHold = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/holds/{hold}',
  operationId: 'getHold',
  tag,
  summary: 'Read a hold, as the branch of one of its accounts remembers it',
  request: { params },
  responses: { 200: { description: 'The hold.', schema: holdSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'HOLD_NOT_FOUND'],
  handler: async ({ params: { branch, hold } }, { bank, reads }) =>
    answer(200, toHoldJson(await bank.holds.get({ branch, id: hold }, reads))),
});

const listHolds = defineRoute({
  method: 'get',
  path: '/v1/accounts/{account}/holds',
  operationId: 'listHolds',
  tag,
  summary: 'List the holds that an account has given or is to receive, oldest first',
  request: {
    params: z.object({ account: accountId }),
    query: z.strictObject({
      includeResolved: flagQuery('Also those that were captured or released, or have expired.'),
      ...pageQuery,
    }),
  },
  responses: { 200: { description: 'One page.', schema: pageSchema(holdSchema).meta({ id: 'HoldPage' }) } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'ACCOUNT_NOT_FOUND'],
  handler: async ({ params: { account }, query }, { bank, reads }) => {
    const { includeResolved, limit, cursor } = query;
    const page = await bank.holds.list(
      account,
      { includeResolved, pageSize: limit, pageToken: cursor },
      reads,
    );
    return answer(200, toPageJson(page, toHoldJson));
  },
});

const captureHold = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/holds/{hold}/capture',
  operationId: 'captureHold',
  tag,
  summary: 'Make the transfer that a hold was placed for, of the whole amount or a part',
  keyed: true,
  bodyOptional: true,
  request: { params, body: captureHoldInput },
  responses: { 201: transferCreatedSpec('Captured; the balance is that of the debited account.') },
  reasons: [...POSTING_REASONS, ...HOLD_REASONS, 'CAPTURE_EXCEEDS_HOLD'],
  handler: async ({ params: { branch, hold }, body, writeId: id }, { bank, writes }) =>
    transferCreated(await bank.holds.capture({ ...body, branch, hold, id }, writes)),
});

const releaseHold = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/holds/{hold}/release',
  operationId: 'releaseHold',
  tag,
  summary: 'Give a reserved amount back',
  keyed: true,
  bodyOptional: true,
  request: { params, body: writeInput },
  responses: { 200: appliedSpec('The hold is released.') },
  reasons: [...BRANCH_WRITE_REASONS, ...HOLD_REASONS],
  handler: async ({ params: { branch, hold }, body, writeId: id }, { bank, writes }) =>
    applied(await bank.holds.release({ ...body, branch, hold, id }, writes)),
});

export const holdRoutes = [placeHold, getHold, listHolds, captureHold, releaseHold];
