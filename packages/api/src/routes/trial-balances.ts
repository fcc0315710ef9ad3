import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { branchIdText } from '../json/ids.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import {
  bankTrialBalanceSchema,
  interbranchPositionSchema,
  toBankTrialBalanceJson,
  toInterbranchPositionJson,
  toTrialBalanceJson,
  trialBalanceSchema,
} from '../json/trial-balance.js';
import { READ_REASONS } from './reasons.js';

const tag = 'Trial balances';

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

const getBankTrialBalance = defineRoute({
  method: 'get',
  path: '/v1/trial-balance',
  operationId: 'getBankTrialBalance',
  tag,
  summary: "Prove that the whole bank's debits equal its credits",
  request: {},
  responses: {
    200: { description: 'Totals over all branches, per currency.', schema: bankTrialBalanceSchema },
  },
  reasons: READ_REASONS,
  handler: async (_, { bank, reads }) =>
    answer(200, toBankTrialBalanceJson(await bank.branches.bankTrialBalance(reads))),
});

const listInterbranchPositions = defineRoute({
  method: 'get',
  path: '/v1/interbranch-positions',
  operationId: 'listInterbranchPositions',
  tag,
  summary: 'List what branches owe each other, as each of the two has it in its books',
  request: {
    query: z.strictObject({
      branch: branchIdText.optional().meta({ description: 'Only pairs with this branch.' }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: 'One page, in order of branches and currency.',
      schema: pageSchema(interbranchPositionSchema).meta({ id: 'InterbranchPositionPage' }),
    },
  },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ query: { branch, limit, cursor } }, { bank, reads }) => {
    const params = { branch, pageSize: limit, pageToken: cursor };
    const page = await bank.branches.interbranchPositions(params, reads);
    return answer(200, toPageJson(page, toInterbranchPositionJson));
  },
});

export const trialBalanceRoutes = [getTrialBalance, getBankTrialBalance, listInterbranchPositions];
