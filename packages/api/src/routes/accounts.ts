import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { accountSchema, openedAccountSchema, toAccountJson, toOpenedAccountJson } from '../json/account.js';
import { flagQuery } from '../json/flag.js';
import { accountId, branchId, branchIdText, customerId } from '../json/ids.js';
import { currencyInput } from '../json/money.js';
import { pageQuery, pageSchema, toPageJson } from '../json/page.js';
import {
  statementPageSchema,
  statementRange,
  statementRangeQuery,
  toStatementPageJson,
} from '../json/statement.js';
import { writeFields } from '../json/write.js';
import { created, createdSpec } from './created.js';
import { BRANCH_WRITE_REASONS, READ_REASONS } from './reasons.js';

const tag = 'Accounts';

const openAccount = defineRoute({
  method: 'post',
  path: '/v1/accounts',
  operationId: 'openAccount',
  tag,
  summary: 'Open an account for a customer',
  description: "The metadata becomes the account's.",
  keyed: true,
  request: {
    body: z
      .strictObject({ branch: branchId, customer: customerId, currency: currencyInput, ...writeFields })
      .meta({ id: 'OpenAccountRequest' }),
  },
  responses: { 201: createdSpec('The account as it was opened.', openedAccountSchema) },
  reasons: [...BRANCH_WRITE_REASONS, 'BRANCH_FULL'],
  handler: async ({ body, writeId }, { bank, writes }) => {
    const account = await bank.accounts.open({ ...body, id: writeId }, writes);
    return created(toOpenedAccountJson(account), account.receipt, `/v1/accounts/${account.id}`);
  },
});

const getAccount = defineRoute({
  method: 'get',
  path: '/v1/accounts/{account}',
  operationId: 'getAccount',
  tag,
  summary: 'Read an account',
  request: { params: z.object({ account: accountId }) },
  responses: { 200: { description: 'The account.', schema: accountSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'ACCOUNT_NOT_FOUND'],
  handler: async ({ params: { account } }, { bank, reads }) =>
    answer(200, toAccountJson(await bank.accounts.get(account, reads))),
});

const listAccounts = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/accounts',
  operationId: 'listAccounts',
  tag,
  summary: "List a branch's accounts, or one customer's, in the order they were opened",
  request: {
    params: z.object({ branch: branchIdText }),
    query: z.strictObject({
      customer: customerId.optional().meta({ description: "Only this customer's accounts." }),
      includeInternal: flagQuery(
        'Also the accounts that the bank itself owns: vault, capital, interbranch, exchange, income, expense.',
      ),
      ...pageQuery,
    }),
  },
  responses: {
    200: { description: 'One page.', schema: pageSchema(accountSchema).meta({ id: 'AccountPage' }) },
  },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND'],
  handler: async ({ params: { branch }, query }, { bank, reads }) => {
    const { customer, includeInternal, limit, cursor } = query;
    const page = await bank.accounts.list(
      { branch, customer, includeInternal, pageSize: limit, pageToken: cursor },
      reads,
    );
    return answer(200, toPageJson(page, toAccountJson));
  },
});

const getStatement = defineRoute({
  method: 'get',
  path: '/v1/accounts/{account}/statement',
  operationId: 'getStatement',
  tag,
  summary: "List an account's postings, each with the balance after it",
  description:
    'All pages are of one statement, whatever is posted meanwhile: its end is fixed when the first page is read.',
  request: {
    params: z.object({ account: accountId }),
    query: z.strictObject({
      ...statementRangeQuery,
      order: z.enum(['oldest-first', 'newest-first']).optional().meta({ default: 'oldest-first' }),
      ...pageQuery,
    }),
  },
  responses: { 200: { description: 'One page.', schema: statementPageSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'ACCOUNT_NOT_FOUND', 'POSITION_NOT_FOUND'],
  handler: async ({ params: { account }, query }, { bank, reads }) => {
    const { order, limit, cursor } = query;
    const page = await bank.accounts.statement(
      account,
      { ...statementRange(query), order, pageSize: limit, pageToken: cursor },
      reads,
    );
    return answer(200, toStatementPageJson(page));
  },
});

export const accountRoutes = [openAccount, getAccount, listAccounts, getStatement];
