import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string | number) => ({ amount, currency: 'USD' });

test('a branch is opened once, and found where Location says', async () => {
  const id = (await api.newBranch('100000')) + 0;
  const branch = await api.get(`/v1/branches/${id}`);
  expect(branch.status).toBe(200);
  expect(branch.body).toMatchObject({ id, cash: [usd('100000')] });

  const again = await api.post('/v1/branches', { id, initialBalance: usd('1') });
  expect(again.status).toBe(409);
  expect(again.body).toMatchObject({ reason: 'BRANCH_EXISTS', branch: String(id), status: 409 });
});

test('a new branch answers with its receipt', async () => {
  const key = randomUUID();
  for (let id = 9_999; ; id -= 1) {
    const { status, body, headers } = await api.post(
      '/v1/branches',
      { id, initialBalance: usd(250) },
      { 'Idempotency-Key': key },
    );
    // Another test may have the number; the key is used up only by the refusal, so take a new one.
    if (status === 409) continue;
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/branches/${id}`);
    expect(body).toMatchObject({ id: key, balance: usd('250'), replayed: false });
    return;
  }
});

test('a branch may begin without cash, and in a currency without decimals', async () => {
  const id = await api.newBranch('0', 'JPY');
  const { body } = await api.get(`/v1/branches/${id}`);
  expect(body['cash']).toEqual([{ amount: '0', currency: 'JPY' }]);
});

test('the trial balance balances, per currency', async () => {
  const branch = await api.newBranch('5000');
  await api.newAccount(branch, 'alice', '1200');
  const { status, body } = await api.get(`/v1/branches/${branch}/trial-balance`);
  expect(status).toBe(200);
  expect(body['lines']).toEqual([{ currency: 'USD', postedDebits: '6200', postedCredits: '6200' }]);
});

test('branches come in pages, in order of their numbers', async () => {
  const opened = [await api.newBranch(), await api.newBranch(), await api.newBranch()];
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.get(`/v1/branches?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
    expect(page.status).toBe(200);
    const items = page.body['items'] as { id: number }[];
    expect(items.length).toBeLessThanOrEqual(2);
    seen.push(...items.map(({ id }) => id));
    cursor = page.body['nextCursor'] as string | null;
  } while (cursor !== null);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(opened));
});

test('a branch that nobody opened is not found', async () => {
  for (const path of ['', '/trial-balance', '/accounts', '/journal', `/transfers/${randomUUID()}`]) {
    const { status, body } = await api.get(`/v1/branches/10${path}`);
    expect(status, path).toBe(404);
    expect(body['reason'], path).toBe('BRANCH_NOT_FOUND');
    expect(body['field'], path).toBe('branch');
  }
});
