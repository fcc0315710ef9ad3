import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { branchSchema, toBranchJson, toTrialBalanceJson, trialBalanceSchema } from '../json/branch.js';
import { branchId, branchIdText } from '../json/ids.js';
import { cashInput } from '../json/money.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import { receiptSchema, toReceiptJson } from '../json/receipt.js';
import { created, createdSpec } from './created.js';
import { KEYED_WRITE_REASONS, READ_REASONS } from './reasons.js';

const tag = 'Branches';

const initializeBranch = defineRoute({
  method: 'post',
  path: '/v1/branches',
  operationId: 'initializeBranch',
  tag,
  summary: "Open a branch's books",
  description: 'Cash in the vault against capital.',
  keyed: true,
  request: {
    body: z.strictObject({ id: branchId, initialBalance: cashInput }).meta({ id: 'InitializeBranchRequest' }),
  },
  responses: { 201: createdSpec('The branch is open; the balance is that of its vault.', receiptSchema) },
  reasons: [...KEYED_WRITE_REASONS, 'BRANCH_EXISTS'],
  handler: async ({ body, writeId }, { bank, writes }) => {
    const receipt = await bank.branches.initialize({ ...body, writeId }, writes);
    return created(toReceiptJson(receipt), receipt, `/v1/branches/${body.id}`);
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
  request: { params: z.object({ branch: branchIdText }) },
  responses: { 200: { description: 'The branch.', schema: branchSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ params: { branch } }, { bank, reads }) =>
    answer(200, toBranchJson(await bank.branches.get(branch, reads))),
});

const getTrialBalance = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/trial-balance',
  operationId: 'getTrialBalance',
  tag,
  summary: "Prove that a branch's debits equal its credits",
  request: { params: z.object({ branch: branchIdText }) },
  responses: {
    200: { description: 'Totals over all its accounts, per currency.', schema: trialBalanceSchema },
  },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ params: { branch } }, { bank, reads }) =>
    answer(200, toTrialBalanceJson(await bank.branches.trialBalance(branch, reads))),
});

export const branchRoutes = [initializeBranch, listBranches, getBranch, getTrialBalance];
