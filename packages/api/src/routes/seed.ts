import { answer, defineRoute } from '../http/route.js';
import {
  seedBalanceSchema,
  seedFailureFormat,
  seedInitializeInput,
  seedRefusalSchema,
  seedResultSchema,
  seedTransactionInput,
} from '../json/seed.js';
import { WRITE_REASONS } from './reasons.js';

const tag = 'Seed interface';

const initializeBranch = defineRoute({
  method: 'post',
  path: '/initialize_branch',
  operationId: 'seedInitializeBranch',
  tag,
  summary: "Open a branch's books",
  request: { body: seedInitializeInput },
  responses: {
    200: {
      description: '`Branch initialized successfully`, or `Branch already exists`.',
      schema: seedResultSchema,
    },
  },
  reasons: WRITE_REASONS,
  failureFormat: seedFailureFormat,
  handler: async ({ body }, { bank, writes }) => {
    const { branch_id: branchId, initial_balance: initialBalance } = body;
    return answer(200, { result: await bank.seed.initializeBranch({ branchId, initialBalance }, writes) });
  },
});

const transact = defineRoute({
  method: 'post',
  path: '/transaction',
  operationId: 'seedTransaction',
  tag,
  summary: 'Deposit, withdraw or query',
  description:
    'Deposits and withdrawals carry no id, an Idempotency-Key is not looked at, and nothing retries them: prefer `/v1/deposits` and `/v1/withdrawals`.',
  request: { body: seedTransactionInput },
  responses: {
    200: {
      description: '`Deposit successful`, `Withdrawal successful`, or the balance.',
      schema: seedResultSchema.or(seedBalanceSchema),
    },
    422: {
      description: 'Refused: for want of funds, with `result`, or for another reason, without.',
      schema: seedRefusalSchema,
    },
  },
  reasons: [
    ...WRITE_REASONS,
    'BRANCH_NOT_FOUND',
    'CUSTOMER_NOT_FOUND',
    'INSUFFICIENT_CASH',
    'BALANCE_OUT_OF_RANGE',
  ],
  failureFormat: seedFailureFormat,
  handler: async ({ body }, { bank, reads, writes }) => {
    const { customer_id: customerId } = body;
    if (body.type === 'query') {
      return answer(200, { balance: await bank.seed.query({ customerId }, reads) });
    }
    const { type, amount } = body;
    const result = await bank.seed[type]({ customerId, amount }, writes);
    if (result !== 'Insufficient funds') return answer(200, { result });
    const error = `amount: customer ${customerId} has less than ${amount} available`;
    return answer(422, { result, error });
  },
});

export const seedRoutes = [initializeBranch, transact];
