import { BankError, formatAccountId } from '@giro/sdk';
import type { Reason, ReasonMetadata } from '@giro/sdk';
import { expect, test } from 'vitest';
import { fieldAtFault } from './field-at-fault.js';
import type { Blamable } from './field-at-fault.js';

const from = formatAccountId({ branch: 1, serial: 1 });
const to = formatAccountId({ branch: 2, serial: 1 });
const body = { from, to, amount: { amount: '1', currency: 'USD' } };

test.each<[string | undefined, Reason, ReasonMetadata, Blamable]>([
  ['to', 'INVALID_FIELD', { field: 'to', problem: 'is wrong' }, { body }],
  ['amount', 'INSUFFICIENT_FUNDS', { account: from }, { body }],
  ['amount.currency', 'CURRENCY_MISMATCH', { account: to }, { body }],
  ['from', 'ACCOUNT_NOT_FOUND', { account: from }, { body }],
  ['to', 'ACCOUNT_NOT_FOUND', { account: to }, { body }],
  ['account', 'ACCOUNT_NOT_FOUND', { account: to }, { params: { account: to } }],
  ['to', 'BRANCH_NOT_FOUND', { branch: '2' }, { body }],
  ['account', 'BRANCH_NOT_FOUND', { branch: '2' }, { params: { account: to } }],
  ['branch', 'BRANCH_NOT_FOUND', { branch: '2' }, { params: { branch: '2', id: '2' } }],
  ['branch', 'BRANCH_NOT_FOUND', { branch: '2' }, { body: { customer: '2', branch: 2 } }],
  ['customer_id', 'BRANCH_NOT_FOUND', { branch: '7' }, { body: { customer_id: 17, amount: 7 } }],
  ['customer_id', 'BRANCH_NOT_FOUND', { branch: '10' }, { body: { customer_id: 0 } }],
  [undefined, 'ACCOUNT_NOT_FOUND', { account: 'elsewhere' }, { body }],
  [undefined, 'UNAVAILABLE', {}, { body }],
  [undefined, 'BRANCH_NOT_FOUND', { branch: '2' }, { body: 'no object' }],
])('%s is at fault for %s', (field, reason, metadata, request) => {
  expect(fieldAtFault(new BankError({ reason, metadata }), request)).toBe(field);
});
