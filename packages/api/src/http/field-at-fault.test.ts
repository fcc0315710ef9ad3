import { BankError, formatAccountId, GroupFailedError, InvalidArgumentError } from '@giro/sdk';
import type { Reason, ReasonMetadata } from '@giro/sdk';
import { expect, test } from 'vitest';
import { faultOf } from './field-at-fault.js';
import type { Blamable } from './field-at-fault.js';

const from = formatAccountId({ branch: 1, serial: 1 });
const to = formatAccountId({ branch: 2, serial: 1 });
const elsewhere = formatAccountId({ branch: 3, serial: 1 });
const id = '0199e0a4-6c1e-7cc3-98c4-dc0c0c07398f';
const body = { from, to, amount: { amount: '1', currency: 'USD' } };

test.each<[string | undefined, Reason, ReasonMetadata, Blamable]>([
  ['to', 'INVALID_FIELD', { field: 'to', problem: 'is wrong' }, { body }],
  ['amount', 'INSUFFICIENT_FUNDS', { account: from }, { body }],
  ['initialBalance', 'BALANCE_OVERFLOW', {}, { body: { initialBalance: body.amount } }],
  [undefined, 'INSUFFICIENT_FUNDS', { account: from }, { params: { branch: 1, id } }],
  ['amount.currency', 'CURRENCY_MISMATCH', { account: to }, { body }],
  ['limit.currency', 'CURRENCY_MISMATCH', { account: to }, { body: { limit: body.amount } }],
  ['from', 'ACCOUNT_NOT_FOUND', { account: from }, { body }],
  ['to', 'ACCOUNT_NOT_FOUND', { account: to }, { body }],
  ['from', 'ACCOUNT_FROZEN', { account: from }, { body }],
  ['account', 'ACCOUNT_HAS_HOLDS', { account: to }, { params: { account: to } }],
  ['account', 'ACCOUNT_NOT_FOUND', { account: to }, { params: { account: to } }],
  ['accounts[1]', 'ACCOUNT_NOT_FOUND', { account: to }, { body: { accounts: [from, to] } }],
  ['accounts[0]', 'BRANCH_NOT_FOUND', { branch: '1' }, { body: { accounts: [from, to] } }],
  [
    'preconditions[1].account',
    'ACCOUNT_NOT_FOUND',
    { account: elsewhere },
    { body: { ...body, preconditions: [{ account: from }, { account: elsewhere }] } },
  ],
  [
    'preconditions[1].balanceAtMost',
    'PRECONDITION_FAILED',
    { account: from, condition: 'balance_at_most', expected: '5', actual: '6' },
    {
      body: {
        preconditions: [
          { account: from, balanceAtLeast: 1 },
          { account: from, balanceAtMost: 5 },
        ],
      },
    },
  ],
  ['to', 'BRANCH_NOT_FOUND', { branch: '2' }, { body }],
  ['account', 'BRANCH_NOT_FOUND', { branch: '2' }, { params: { account: to } }],
  ['branch', 'BRANCH_NOT_FOUND', { branch: '2' }, { params: { branch: '2', id: '2' } }],
  ['branch', 'BRANCH_NOT_FOUND', { branch: '2' }, { query: { branch: '2' } }],
  ['branch', 'BRANCH_CLOSED', { branch: '2' }, { body: { customer: '2', branch: 2 } }],
  [
    'transfers[1].branch',
    'BRANCH_NOT_FOUND',
    { branch: '2' },
    { body: { transfers: [{ branch: 1 }, { branch: 2 }] } },
  ],
  ['customer_id', 'BRANCH_NOT_FOUND', { branch: '7' }, { body: { customer_id: 17, amount: 7 } }],
  ['customer_id', 'BRANCH_NOT_FOUND', { branch: '10' }, { body: { customer_id: 0 } }],
  ['hold', 'HOLD_NOT_FOUND', { branch: '1', hold: id }, { params: { branch: '1', hold: id.toUpperCase() } }],
  ['id', 'ALREADY_REVERSED', { original: id, by: 'another' }, { params: { branch: '1', id } }],
  ['transfer', 'NOT_REVERSIBLE', { original: id }, { body: { branch: 1, transfer: id } }],
  [
    'position',
    'POSITION_NOT_FOUND',
    { position: '7', last: '5' },
    { query: { time: undefined, position: '7' } },
  ],
  ['at.position', 'POSITION_NOT_FOUND', { position: '7' }, { body: { at: { position: 7 } } }],
  [undefined, 'ACCOUNT_NOT_FOUND', { account: 'elsewhere' }, { body }],
  [undefined, 'UNAVAILABLE', {}, { body }],
  [undefined, 'BRANCH_NOT_FOUND', { branch: '2' }, { body: 'no object' }],
])('%s is at fault for %s', (field, reason, metadata, request) => {
  expect(faultOf(new BankError({ reason, metadata }), request).field).toBe(field);
});

const members = [{ deposit: { to: from, amount: body.amount } }, { transfer: body }];

test.each<[string | undefined, Reason, ReasonMetadata]>([
  ['members[1].transfer.amount', 'INSUFFICIENT_FUNDS', { account: from, member: '1' }],
  ['members[0].deposit.to', 'ACCOUNT_CLOSED', { account: from, member: '0' }],
  [undefined, 'ACCOUNT_CLOSED', { account: elsewhere, member: '0' }],
  [undefined, 'ACCOUNT_CLOSED', { account: from, member: '7' }],
])('%s of a group is at fault for %s', (field, reason, metadata) => {
  expect(faultOf(new BankError({ reason, metadata }), { body: { members } }).field).toBe(field);
});

test('what the bank found wrong with a field is told by the name that the field has here', () => {
  const metadata = { field: 'members[1].from', problem: "is one of the bank's own" };
  expect(
    faultOf(new InvalidArgumentError({ reason: 'INVALID_FIELD', metadata }), { body: { members } }),
  ).toEqual({
    field: 'members[1].transfer.from',
    sentence: "members[1].transfer.from: is one of the bank's own",
  });
});

test('what the API found wrong has its name already, whatever it is', () => {
  const metadata = { field: 'hold_id', problem: 'is not known here' };
  expect(faultOf(new BankError({ reason: 'INVALID_FIELD', metadata }), { body: {} })).toEqual({
    field: 'hold_id',
    sentence: 'hold_id: is not known here',
  });
});

test('a refused group alone is about no field', () => {
  const error = new GroupFailedError({
    reason: 'GROUP_FAILED',
    metadata: { member: '1', reason: 'ABANDONED' },
  });
  expect(faultOf(error, { body: { members } }).field).toBeUndefined();
});
