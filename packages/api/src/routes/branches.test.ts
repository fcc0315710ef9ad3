import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ABSENT_BRANCH, useApi } from '../../test-support/test-api.js';

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
    const { status, body } = await api.get(`/v1/branches/${ABSENT_BRANCH}${path}`);
    expect(status, path).toBe(404);
    expect(body['reason'], path).toBe('BRANCH_NOT_FOUND');
    expect(body['field'], path).toBe('branch');
  }
});

test('cash is brought in and taken out, against capital', async () => {
  const branch = await api.newBranch('1000');
  const cash = `/v1/branches/${branch}/cash`;
  const added = await api.post(`${cash}/additions`, { amount: usd('500'), description: 'van 7' });
  expect(added).toMatchObject({ status: 201, body: { balance: usd('1500'), replayed: false } });
  const removed = await api.post(`${cash}/removals`, { amount: usd('200') });
  expect(removed).toMatchObject({ status: 201, body: { balance: usd('1300') } });

  const place = async ({ headers }: { headers: Headers }) => api.get(headers.get('location') ?? '');
  expect((await place(added)).body).toMatchObject({
    kind: 'cash-added',
    amount: usd('500'),
    description: 'van 7',
  });
  expect((await place(removed)).body).toMatchObject({ kind: 'cash-removed', amount: usd('200') });
  expect((await api.get(`/v1/branches/${branch}`)).body['cash']).toEqual([usd('1300')]);

  const refused = await api.post(`${cash}/removals`, { amount: usd('1301') });
  expect(refused).toMatchObject({
    status: 422,
    body: { reason: 'INSUFFICIENT_CASH', field: 'amount', available: '1300' },
  });
});

test('a branch is closed for good once it is empty', async () => {
  const branch = await api.newBranch('1000');
  const close = `/v1/branches/${branch}/close`;
  const refused = await api.send('POST', close);
  expect(refused).toMatchObject({ status: 422, body: { reason: 'BRANCH_NOT_EMPTY', field: 'branch' } });
  expect(refused.body['problem']).toContain('vault');

  await api.post(`/v1/branches/${branch}/cash/removals`, { amount: usd('1000') });
  const key = { 'Idempotency-Key': randomUUID() };
  const closed = await api.post(close, {}, key);
  expect(closed).toMatchObject({ status: 200, body: { id: key['Idempotency-Key'], replayed: false } });
  expect(closed.body).not.toHaveProperty('balance');
  const again = await api.post(close, {}, key);
  expect(again).toMatchObject({ status: 200, body: { ...closed.body, replayed: true } });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect((await api.get(`/v1/branches/${branch}`)).body).toMatchObject({ state: 'closed' });

  const late = await api.post('/v1/accounts', { branch, customer: 'alice', currency: 'USD' });
  expect(late).toMatchObject({ status: 422, body: { reason: 'BRANCH_CLOSED', field: 'branch' } });
});

test('a branch tells the seal at the end of its journal, as the receipt of its last write does', async () => {
  const branch = await api.newBranch();
  const { body: receipt } = await api.post(`/v1/branches/${branch}/cash/additions`, { amount: usd('5') });
  const [position] = receipt['positions'] as { position: string; seal: { position: string; hash: string } }[];
  const { body } = await api.get(`/v1/branches/${branch}`);
  expect(body).toMatchObject({ state: 'open', position: position?.position, head: position?.seal });
  expect(position?.seal.hash).toMatch(/^[0-9a-f]{64}$/);
});
