import { z } from 'zod';
import { answer, defineRoute } from '../http/route.js';
import { depositInput, operatorTransferInput, transferInput, withdrawalInput } from '../json/commands.js';
import { branchIdText, writeId } from '../json/ids.js';
import {
  foundTransfersSchema,
  toFoundTransfersJson,
  toTransferJson,
  transferLookupInput,
  transferSchema,
} from '../json/transfer.js';
import { writeInput } from '../json/write.js';
import { transferCreated, transferCreatedSpec } from './created.js';
import { DEBIT_REASONS, MOVE_REASONS, READ_REASONS, REVERSAL_REASONS } from './reasons.js';

const tag = 'Transfers';

const deposit = defineRoute({
  method: 'post',
  path: '/v1/deposits',
  operationId: 'deposit',
  tag,
  summary: "Put cash into a customer's account",
  keyed: true,
  request: { body: depositInput },
  responses: { 201: transferCreatedSpec('Applied; the balance is that of the credited account.') },
  reasons: MOVE_REASONS,
  handler: async ({ body, writeId: id }, { bank, writes }) =>
    transferCreated(await bank.deposit({ ...body, id }, writes)),
});

const withdraw = defineRoute({
  method: 'post',
  path: '/v1/withdrawals',
  operationId: 'withdraw',
  tag,
  summary: "Take cash out of a customer's account",
  keyed: true,
  request: { body: withdrawalInput },
  responses: { 201: transferCreatedSpec('Applied; the balance is that of the debited account.') },
  reasons: [...MOVE_REASONS, ...DEBIT_REASONS, 'INSUFFICIENT_CASH'],
  handler: async ({ body, writeId: id }, { bank, writes }) =>
    transferCreated(await bank.withdraw({ ...body, id }, writes)),
});

const transfer = defineRoute({
  method: 'post',
  path: '/v1/transfers',
  operationId: 'transfer',
  tag,
  summary: "Move money from a customer's account to another, in the same branch or between two",
  keyed: true,
  request: { body: transferInput },
  responses: { 201: transferCreatedSpec('Applied; the balance is that of the debited account.') },
  reasons: [...MOVE_REASONS, ...DEBIT_REASONS],
  handler: async ({ body, writeId: id }, { bank, writes }) =>
    transferCreated(await bank.transfer({ ...body, id }, writes)),
});

const operatorTransfer = defineRoute({
  method: 'post',
  path: '/v1/operator-transfers',
  operationId: 'operatorTransfer',
  tag,
  summary: "Move money as the bank's operators do",
  description:
    "Like a transfer, but one account or both may be the bank's own: exchange, income or expense. `GET /v1/branches/{branch}/accounts?includeInternal=true` tells their ids once they are there.",
  keyed: true,
  request: { body: operatorTransferInput },
  responses: { 201: transferCreatedSpec('Applied; the balance is that of the debited account.') },
  reasons: [...MOVE_REASONS, ...DEBIT_REASONS],
  handler: async ({ body, writeId: id }, { bank, writes }) =>
    transferCreated(await bank.operatorTransfer({ ...body, id }, writes)),
});

const getTransfer = defineRoute({
  method: 'get',
  path: '/v1/branches/{branch}/transfers/{id}',
  operationId: 'getTransfer',
  tag,
  summary: 'Read an applied transfer, as a branch that it touched remembers it',
  description:
    'A 404 proves nothing about a write whose request may still be on its way: to learn its outcome, send the same body with the same Idempotency-Key again, or abandon the write.',
  request: { params: z.object({ branch: branchIdText, id: writeId }) },
  responses: { 200: { description: 'The transfer.', schema: transferSchema } },
  reasons: [...READ_REASONS, 'BRANCH_NOT_FOUND', 'TRANSFER_NOT_FOUND'],
  handler: async ({ params }, { bank, reads }) =>
    answer(200, toTransferJson(await bank.transfers.get(params, reads))),
});

const lookUpTransfers = defineRoute({
  method: 'post',
  path: '/v1/transfers/lookup',
  operationId: 'lookUpTransfers',
  tag,
  summary: 'Read many transfers in one snapshot',
  description: 'A POST for its size only: it changes nothing.',
  request: { body: transferLookupInput },
  responses: { 200: { description: 'Those found, and the others.', schema: foundTransfersSchema } },
  reasons: READ_REASONS,
  handler: async ({ body }, { bank, reads }) =>
    answer(200, toFoundTransfersJson(await bank.transfers.getMany(body.transfers, reads))),
});

const reverseTransfer = defineRoute({
  method: 'post',
  path: '/v1/branches/{branch}/transfers/{id}/reversal',
  operationId: 'reverseTransfer',
  tag,
  summary: 'Move the money of a transfer back',
  description:
    'A transfer is reversed at most once, a reversal is not reversed, and a group is reversed whole.',
  keyed: true,
  bodyOptional: true,
  request: { params: z.object({ branch: branchIdText, id: writeId }), body: writeInput },
  responses: { 201: transferCreatedSpec('Reversed; the balance is that of the debited account.') },
  reasons: REVERSAL_REASONS,
  handler: async ({ params: { branch, id: original }, body, writeId: id }, { bank, writes }) =>
    transferCreated(await bank.transfers.reverse({ ...body, branch, transfer: original, id }, writes)),
});

export const transferRoutes = [
  deposit,
  withdraw,
  transfer,
  operatorTransfer,
  getTransfer,
  lookUpTransfers,
  reverseTransfer,
];
