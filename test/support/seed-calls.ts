import { expect } from 'vitest';

/** The curl sequence of the seed's README. */
export async function makeSeedCalls(apiUrl: string): Promise<void> {
  expect(await post(apiUrl, '/initialize_branch', { branch_id: 1, initial_balance: 1000 })).toEqual({
    result: 'Branch initialized successfully',
  });
  expect(await transaction(apiUrl, 'deposit', 100)).toEqual({ result: 'Deposit successful' });
  expect(await transaction(apiUrl, 'withdraw', 50)).toEqual({ result: 'Withdrawal successful' });
  expect(await queryBalance(apiUrl)).toEqual({ balance: 50 });
}

/** What the seed's customer has after {@link makeSeedCalls}: 50. */
export function queryBalance(apiUrl: string): Promise<unknown> {
  return transaction(apiUrl, 'query');
}

function transaction(apiUrl: string, type: string, amount?: number): Promise<unknown> {
  return post(apiUrl, '/transaction', { customer_id: 1, type, amount });
}

async function post(apiUrl: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(apiUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}
