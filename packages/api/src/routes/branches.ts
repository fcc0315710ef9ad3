import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { branchSchema, toBranchJson } from '../json/branch.js';
import { branchId, branchIdText } from '../json/ids.js';
import { nonNegativeMoneyInput, positiveMoneyInput } from '../json/money.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import { moneyReceiptSchema, toMoneyReceiptJson } from '../json/receipt.js';
import { writeFields, writeInput } from '../json/write.js';
import { applied, appliedSpec } from './applied.js';
import { created, createdSpec, transferCreated, transferCreatedSpec } from './created.js';
import { BRANCH_WRITE_REASONS, KEYED_WRITE_REASONS, READ_REASONS } from './reasons.js';

const tag = 'Branches';

const params = z.object({ branch: branchIdText });

const initializeBranch = defineRoute({
  method: 'post',
  path: '/v1/branches',
  operationId: 'initializeBranch',
  tag,
  summary: "Open a branch's books",
  description: 'Cash in the vault against capital.',
  keyed: true,
  request: {
    body: z
      .strictObject({ id: branchId, initialBalance: nonNegativeMoneyInput, ...writeFields })
      .meta({ id: 'InitializeBranchRequest' }),
  },
  responses: {
    201: createdSpec('The branch is open; the balance is that of its vault.', moneyReceiptSchema),
  },
  reasons: [...KEYED_WRITE_REASONS, 'BRANCH_EXISTS'],
  handler: async ({ body, writeId }, { bank, writes }) => {
    const receipt = await bank.branches.initialize({ ...body, writeId }, writes);
    return created(toMoneyReceiptJson(receipt), receipt, `/v1/branches/${body.id}`);
  },
});

const listBranches = defineRoute({
  method: 'get',
  path: '/v1/branches',
  operationId: 'listBranches',
  tag,
  summary: 'List the branches in order of their numbers',
  request: { query: z.strictObject(pageQuery) },
  responses: {
    200: { description: 'One page.', schema: pageSchema(branchSchema).meta({ id: 'BranchPage' }) },
  },
  reasons: READ_REASONS,
  handler: async ({ query: { limit, cursor } }, { bank, reads }) => {
    const page = await bank.branches.list({ pageSize: limit, pageToken: cursor }, reads);
    return answer(200, toPageJson(page, toBranchJson));
  },
});

const getBranch = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}',
  operationId: 'getBranch',
  tag,
  summary: 'Read a branch',
  request: { params },
  responses: { 200: { description: 'The branch.', schema: branchSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ params: { branch } }, { bank, reads }) =>
    answer(200, toBranchJson(await bank.branches.get(branch, reads))),
});

const cashInput = z.strictObject({ amount: positiveMoneyInput, ...writeFields }).meta({ id: 'CashRequest' });

const addCash = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/cash/additions',
  operationId: 'addCash',
  tag,
  summary: "Bring cash into a branch's vault, against capital",
  keyed: true,
  request: { params, body: cashInput },
  responses: { 201: transferCreatedSpec('Applied; the balance is that of the vault.') },
  reasons: [...BRANCH_WRITE_REASONS, 'BALANCE_OVERFLOW'],
  handler: async ({ params: { branch }, body, writeId }, { bank, writes }) =>
    transferCreated(await bank.branches.addCash({ ...body, branch, id: writeId }, writes)),
});

const removeCash = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/cash/removals',
  operationId: 'removeCash',
  tag,
  summary: "Take cash out of a branch's vault, against capital",
  keyed: true,
  request: { params, body: cashInput },
  responses: { 201: transferCreatedSpec('Applied; the balance is that of the vault.') },
  reasons: [...BRANCH_WRITE_REASONS, 'BALANCE_OVERFLOW', 'INSUFFICIENT_CASH'],
  handler: async ({ params: { branch }, body, writeId }, { bank, writes }) =>
    transferCreated(await bank.branches.removeCash({ ...body, branch, id: writeId }, writes)),
});

const closeBranch = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/close',
  operationId: 'closeBranch',
  tag,
  summary: 'Close a branch for good',
  description:
    "Its vault must be empty, its interbranch accounts settled, and its customers' accounts closed.",
  keyed: true,
  bodyOptional: true,
  request: { params, body: writeInput },
  responses: { 200: appliedSpec('The branch is closed.') },
  reasons: [...BRANCH_WRITE_REASONS, 'BRANCH_NOT_EMPTY'],
  handler: async ({ params: { branch }, body, writeId }, { bank, writes }) =>
    applied(await bank.branches.close({ ...body, branch, id: writeId }, writes)),
});

export const branchRoutes = [initializeBranch, listBranches, getBranch, addCash, removeCash, closeBranch];
