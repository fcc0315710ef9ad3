import { beforeAll, expect, test } from 'vitest';
import { useApi } from '../test-support/test-api.js';
import { wrongAmounts } from '../test-support/wrong-amounts.js';

const api = useApi();

beforeAll(async () => {
  await api.post('/initialize_branch', { branch_id: 6, initial_balance: 1000 });
  await api.post('/transaction', { customer_id: 6, type: 'deposit', amount: 10 });
});

const books = async () => (await api.get('/v1/branches/6/trial-balance')).body['lines'];

async function refuse(path: string, request: unknown, status: number, field: string): Promise<void> {
  const before = await books();
  const refused = await api.post(path, request);
  expect(refused.status).toBe(status);
  expect(refused.body['error']).toMatch(new RegExp(`^${field}: `));
  expect(await books()).toEqual(before);
}

const INT32_BEYOND = 2_147_483_648;

test.each<readonly [name: string, amount: unknown]>([
  ...wrongAmounts,
  ['beyond 32 bits', INT32_BEYOND],
  ['beyond 32 bits in words', String(INT32_BEYOND)],
])('an amount that is %s', async (_, amount) => {
  for (const type of ['deposit', 'withdraw']) {
    await refuse('/transaction', { customer_id: 6, type, amount }, 400, 'amount');
  }
  if (amount === 0 || amount === '0') return;
  await refuse('/initialize_branch', { branch_id: 6, initial_balance: amount }, 400, 'initial_balance');
});

test.each([
  ['missing', undefined],
  ['of words', '6'],
  ['negative', -6],
  ['fractional', 6.5],
  ['beyond 32 bits', INT32_BEYOND],
  ['null', null],
])('a customer_id that is %s', async (_, customer_id) => {
  for (const type of ['deposit', 'withdraw', 'query']) {
    await refuse('/transaction', { customer_id, type, amount: 5 }, 400, 'customer_id');
  }
});

test.each([
  ['missing', undefined],
  ['unknown', 'transfer'],
  ['of the wrong case', 'Deposit'],
  ['a number', 1],
  ['a name that every object has', 'constructor'],
])('a type that is %s', async (_, type) => {
  await refuse('/transaction', { customer_id: 6, type, amount: 5 }, 400, 'type');
});

test.each([
  ['missing', undefined],
  ['of words', '6'],
  ['negative', -1],
  ['beyond four digits', 10_000],
])('a branch_id that is %s', async (_, branch_id) => {
  await refuse('/initialize_branch', { branch_id, initial_balance: 5 }, 400, 'branch_id');
});

test('more than there is', async () => {
  await refuse('/transaction', { customer_id: 6, type: 'withdraw', amount: 11 }, 422, 'amount');
});

test('a customer who never deposited, and one without a branch', async () => {
  await refuse('/transaction', { customer_id: 16, type: 'withdraw', amount: 1 }, 404, 'customer_id');
  await refuse('/transaction', { customer_id: 16, type: 'query' }, 404, 'customer_id');
  await refuse('/transaction', { customer_id: 9, type: 'deposit', amount: 1 }, 404, 'customer_id');
});
