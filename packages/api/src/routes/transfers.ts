import type { Receipt } from '@giro/sdk';
import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { depositInput, transferInput, withdrawalInput } from '../json/commands.js';
import { branchIdText, writeId } from '../json/ids.js';
import { receiptSchema, toReceiptJson } from '../json/receipt.js';
import { toTransferJson, transferSchema } from '../json/transfer.js';
import { created, createdSpec } from './created.js';
import { KEYED_WRITE_REASONS, READ_REASONS } from './reasons.js';

const tag = 'Transfers';

const MOVE_REASONS = [
  ...KEYED_WRITE_REASONS,
  'BRANCH_NOT_FOUND',
  'ACCOUNT_NOT_FOUND',
  'CURRENCY_MISMATCH',
  'BALANCE_OVERFLOW',
] as const;

const deposit = defineRoute({
  method: 'post',
  path: '/v1/deposits',
  operationId: 'deposit',
  tag,
  summary: "Put cash into a customer's account",
  keyed: true,
  request: { body: depositInput },
  responses: { 201: createdSpec('Applied; the balance is that of the credited account.', receiptSchema) },
  reasons: MOVE_REASONS,
  handler: async ({ body, writeId }, { bank, writes }) =>
    applied(await bank.deposit({ ...body, id: writeId }, writes)),
});

const withdraw = defineRoute({
  method: 'post',
  path: '/v1/withdrawals',
  operationId: 'withdraw',
  tag,
  summary: "Take cash out of a customer's account",
  keyed: true,
  request: { body: withdrawalInput },
  responses: { 201: createdSpec('Applied; the balance is that of the debited account.', receiptSchema) },
  reasons: [...MOVE_REASONS, 'INSUFFICIENT_FUNDS', 'INSUFFICIENT_CASH'],
  handler: async ({ body, writeId }, { bank, writes }) =>
    applied(await bank.withdraw({ ...body, id: writeId }, writes)),
});

const transfer = defineRoute({
  method: 'post',
  path: '/v1/transfers',
  operationId: 'transfer',
  tag,
  summary: "Move money from a customer's account to another, in the same branch or between two",
  keyed: true,
  request: { body: transferInput },
  responses: { 201: createdSpec('Applied; the balance is that of the debited account.', receiptSchema) },
  reasons: [...MOVE_REASONS, 'INSUFFICIENT_FUNDS'],
  handler: async ({ body, writeId }, { bank, writes }) =>
    applied(await bank.transfer({ ...body, id: writeId }, writes)),
});

const getTransfer = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/transfers/{id}',
  operationId: 'getTransfer',
  tag,
  summary: 'Read an applied transfer, as a branch that it touched remembers it',
  description:
    'A 404 proves nothing about a write whose request may still be on its way: to learn its outcome, send the same body with the same Idempotency-Key again.',
  request: { params: z.object({ branch: branchIdText, id: writeId }) },
  responses: { 200: { description: 'The transfer.', schema: transferSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'TRANSFER_NOT_FOUND'],
  handler: async ({ params }, { bank, reads }) =>
    answer(200, toTransferJson(await bank.transfers.get(params, reads))),
});

export const transferRoutes = [deposit, withdraw, transfer, getTransfer];

function applied(receipt: Receipt) {
  const branch = receipt.positions[0]?.branch ?? 0;
  return created(toReceiptJson(receipt), receipt, `/v1/branches/${branch}/transfers/${receipt.id}`);
}
