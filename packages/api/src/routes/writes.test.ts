import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

test('an abandoned id can never be applied', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const id = randomUUID();
  const abandon = () => api.send('POST', `/v1/branches/${branch}/writes/${id}/abandonment`);
  expect(await abandon()).toMatchObject({ status: 200, body: { outcome: 'abandoned', id, replayed: false } });
  expect(await abandon()).toMatchObject({ status: 200, body: { outcome: 'abandoned', id, replayed: true } });
  const late = await api.post('/v1/deposits', { to: alice, amount: usd('5') }, { 'Idempotency-Key': id });
  expect(late).toMatchObject({ status: 422, body: { reason: 'ABANDONED', id } });
});

test('a write that was applied stays so, and tells where', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const { body } = await api.post('/v1/deposits', { to: alice, amount: usd('5') });
  const [position] = body['positions'] as { branch: number; position: string }[];
  const abandoned = await api.send('POST', `/v1/branches/${branch}/writes/${String(body['id'])}/abandonment`);
  expect(abandoned).toMatchObject({
    status: 200,
    body: { outcome: 'applied', id: body['id'], position: { branch, position: position?.position } },
  });
});

test('a write that was refused for good tells why', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const { body } = await api.post('/v1/withdrawals', { from: alice, amount: usd('5') });
  const abandoned = await api.send('POST', `/v1/branches/${branch}/writes/${String(body['id'])}/abandonment`);
  expect(abandoned).toMatchObject({
    status: 200,
    body: {
      outcome: 'refused',
      id: body['id'],
      error: { reason: 'INSUFFICIENT_FUNDS', status: 422, available: '0', needed: '5', replayed: true },
    },
  });
});

test('in a branch that nobody opened there is nothing to abandon', async () => {
  const abandoned = await api.send('POST', `/v1/branches/10/writes/${randomUUID()}/abandonment`);
  expect(abandoned).toMatchObject({ status: 404, body: { reason: 'BRANCH_NOT_FOUND', field: 'branch' } });
});
