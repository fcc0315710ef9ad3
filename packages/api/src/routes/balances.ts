import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { balanceLookupInput, balanceSchema, balancesSchema, toBalanceJson } from '../json/balance.js';
import { accountId } from '../json/ids.js';
import { momentOf, momentQuery } from '../json/moment.js';
import { READ_REASONS } from './reasons.js';

const tag = 'Balances';

const reasons = [...READ_REASONS, 'BRANCH_NOT_FOUND', 'ACCOUNT_NOT_FOUND', 'POSITION_NOT_FOUND'] as const;

const getBalance = defineRoute({
  method: 'get',
  path: '/v1/accounts/{account}/balance',
  operationId: 'getBalance',
  tag,
  summary: "Read an account's balance, now or at a past moment",
  request: {
    params: z.object({ account: accountId }),
    query: z.strictObject({
      time: momentQuery.time.meta({ description: 'After all entries up to this time. By default now.' }),
      position: momentQuery.position.meta({
        description: "After the entry at this position of the branch's journal.",
      }),
    }),
  },
  responses: { 200: { description: 'The balance.', schema: balanceSchema } },
  reasons,
  handler: async ({ params: { account }, query: { time, position } }, { bank, reads }) => {
    const [balance] = await bank.accounts.balances([account], { at: momentOf(time, position) }, reads);
    if (balance === undefined) throw new Error('no balance was answered');
    return answer(200, toBalanceJson(balance));
  },
});

const lookUpBalances = defineRoute({
  method: 'post',
  path: '/v1/balances/lookup',
  operationId: 'lookUpBalances',
  tag,
  summary: 'Read the balances of many accounts in one snapshot, now or at a past moment',
  description: 'A POST for its size only: it changes nothing.',
  request: { body: balanceLookupInput },
  responses: { 200: { description: 'The balances.', schema: balancesSchema } },
  reasons,
  handler: async ({ body: { accounts, at } }, { bank, reads }) => {
    const balances = await bank.accounts.balances(
      accounts,
      { at: at && momentOf(at.time, at.position) },
      reads,
    );
    return answer(200, { balances: balances.map(toBalanceJson) });
  },
});

export const balanceRoutes = [getBalance, lookUpBalances];
