import { describe, expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const initialize = (body: unknown) => api.post('/initialize_branch', body);
const transact = (body: unknown) => api.post('/transaction', body);

test("the seed's four calls", async () => {
  const initialized = await initialize({ branch_id: 1, initial_balance: 1000 });
  expect(initialized).toMatchObject({ status: 200, body: { result: 'Branch initialized successfully' } });
  const again = await initialize({ branch_id: 1, initial_balance: 1000 });
  expect(again).toMatchObject({ status: 200, body: { result: 'Branch already exists' } });

  const deposit = await transact({ customer_id: 1, type: 'deposit', amount: 100 });
  expect(deposit).toMatchObject({ status: 200, body: { result: 'Deposit successful' } });
  const withdrawal = await transact({ customer_id: 1, type: 'withdraw', amount: 50 });
  expect(withdrawal).toMatchObject({ status: 200, body: { result: 'Withdrawal successful' } });
  const query = await transact({ customer_id: 1, type: 'query' });
  expect(query).toMatchObject({ status: 200, body: { balance: 50 } });

  const branch = await api.get('/v1/branches/1');
  expect(branch.body['cash']).toEqual([{ amount: '1050', currency: 'USD' }]);
});

describe('with a branch', () => {
  test('not enough funds is 422, in the words of the seed, and with an error', async () => {
    await initialize({ branch_id: 2, initial_balance: 1000 });
    await transact({ customer_id: 2, type: 'deposit', amount: 30 });
    const { status, body } = await transact({ customer_id: 2, type: 'withdraw', amount: 31 });
    expect(status).toBe(422);
    expect(body).toEqual({
      result: 'Insufficient funds',
      error: 'amount: customer 2 has less than 31 available',
    });
    const query = await transact({ customer_id: 2, type: 'query' });
    expect(query.body).toEqual({ balance: 30 });
  });

  test('a customer who never deposited is not found', async () => {
    await initialize({ branch_id: 4, initial_balance: 1000 });
    for (const body of [
      { customer_id: 4, type: 'withdraw', amount: 400 },
      { customer_id: 4, type: 'query' },
    ]) {
      expect(await transact(body)).toMatchObject({
        status: 404,
        body: { error: 'customer_id: customer 4 has no account' },
      });
    }
  });

  test('a customer of a branch that does not exist is not found', async () => {
    const { status, body } = await transact({ customer_id: 7, type: 'deposit', amount: 1 });
    expect(status).toBe(404);
    expect(body).toEqual({ error: 'customer_id: branch 7 does not exist' });
  });

  test('amounts may be decimal strings, and a query may carry an amount', async () => {
    await initialize({ branch_id: 3, initial_balance: '0' });
    await transact({ customer_id: 3, type: 'deposit', amount: '2147483647' });
    const query = await transact({ customer_id: 3, type: 'query', amount: 0 });
    expect(query.body).toEqual({ balance: 2_147_483_647 });
  });

  test('a balance beyond 32 bits is refused, and told by /v1', async () => {
    await initialize({ branch_id: 5, initial_balance: 0 });
    for (const amount of [2_147_483_647, 1]) await transact({ customer_id: 5, type: 'deposit', amount });
    const query = await transact({ customer_id: 5, type: 'query' });
    expect(query.status).toBe(422);
    expect(query.body).toEqual({ error: 'the balance 2147483648 does not fit into 32 bits' });
  });
});
