import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

interface Entry {
  kind: string;
  position: string;
  time: string;
}

test('the journal tells every change of every kind, with no gap', async () => {
  const [branch, other] = [await api.newBranch('1000'), await api.newBranch()];
  const alice = await api.newAccount(branch, 'alice', '50');
  const bob = await api.newAccount(other, 'bob');
  await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('20') });
  await api.post('/v1/withdrawals', { from: alice, amount: usd('31') });

  const { status, body } = await api.get(`/v1/branches/${branch}/journal?limit=1000`);
  expect(status).toBe(200);
  expect(body['nextCursor']).toBeNull();
  const entries = body['items'] as Entry[];
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, i) => String(i + 1)));
  const times = entries.map(({ time }) => time);
  expect(times).toEqual([...new Set(times)].sort());
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(
    new Set(['branch-opened', 'account-opened', 'posting', 'refusal']),
  );
  expect(entries.find(({ kind }) => kind === 'refusal')).toMatchObject({
    reason: 'INSUFFICIENT_FUNDS',
    details: { account: alice, available: '30', needed: '31' },
  });
  expect(entries.findLast(({ kind }) => kind === 'posting')).toMatchObject({
    debitAccount: alice,
    amount: usd('20'),
    debitBalance: usd('30'),
    counterparty: bob,
  });
});

test('pages go on after a position, by cursor or by after', async () => {
  const branch = await api.newBranch();
  await api.newAccount(branch, 'alice', '50');
  const path = `/v1/branches/${branch}/journal`;
  const whole = await api.get(path);
  const first = await api.get(`${path}?limit=2`);
  expect(first.body['nextCursor']).toBe('2');
  const byCursor = await api.get(`${path}?cursor=${String(first.body['nextCursor'])}`);
  const byAfter = await api.get(`${path}?after=2`);
  expect(byCursor.body).toEqual(byAfter.body);
  expect([...(first.body['items'] as Entry[]), ...(byAfter.body['items'] as Entry[])]).toEqual(
    whole.body['items'],
  );
  const beyond = await api.get(`${path}?after=9007199254740991`);
  expect(beyond).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
});
