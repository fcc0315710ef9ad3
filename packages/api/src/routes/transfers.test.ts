import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string | number) => ({ amount, currency: 'USD' });

test('deposit, transfer and withdrawal answer with receipts, and are found where Location says', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const bob = await api.newAccount(branch, 'bob');
  const deposit = await api.post('/v1/deposits', { to: alice, amount: usd(10_000) });
  const transfer = await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('2500') });
  const withdrawal = await api.post('/v1/withdrawals', { from: bob, amount: usd('500') });
  expect(deposit).toMatchObject({ status: 201, body: { balance: usd('10000') } });
  expect(transfer).toMatchObject({ status: 201, body: { balance: usd('7500') } });
  expect(withdrawal).toMatchObject({ status: 201, body: { balance: usd('2000') } });

  const find = async ({ headers }: { headers: Headers }) =>
    (await api.get(headers.get('location') ?? '')).body;
  expect(await find(deposit)).toMatchObject({ kind: 'deposit', to: alice, amount: usd('10000'), branch });
  expect(await find(transfer)).toMatchObject({ kind: 'transfer', from: alice, to: bob, amount: usd('2500') });
  expect(await find(withdrawal)).toMatchObject({ kind: 'withdrawal', from: bob, amount: usd('500') });
  expect(await find(transfer)).toMatchObject({ id: transfer.body['id'], time: transfer.body['time'] });
});

test('a transfer between branches has a position and a record in both', async () => {
  const [here, there] = [await api.newBranch(), await api.newBranch()];
  const alice = await api.newAccount(here, 'alice', '100');
  const bob = await api.newAccount(there, 'bob');
  const { status, body, headers } = await api.post('/v1/transfers', {
    from: alice,
    to: bob,
    amount: usd('40'),
  });
  expect(status).toBe(201);
  expect(body['positions']).toMatchObject([{ branch: here }, { branch: there }]);
  expect(headers.get('location')).toBe(`/v1/branches/${here}/transfers/${String(body['id'])}`);
  for (const branch of [here, there]) {
    const record = await api.get(`/v1/branches/${branch}/transfers/${String(body['id'])}`);
    expect(record).toMatchObject({ status: 200, body: { from: alice, to: bob, branch, time: body['time'] } });
  }
});

test('the same key gives the first answer, marked as a replay, and moves nothing', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const key = randomUUID();
  const send = (header: string) =>
    api.post('/v1/deposits', { to: alice, amount: usd('70') }, { 'Idempotency-Key': header });
  const first = await send(key);
  expect(first.body).toMatchObject({ id: key, replayed: false });
  for (const header of [key, key.toUpperCase(), `"${key}"`]) {
    const replay = await send(header);
    expect(replay.status).toBe(201);
    expect(replay.headers.get('idempotent-replayed')).toBe('true');
    expect(replay.body).toEqual({ ...first.body, replayed: true });
  }
  expect((await api.get(`/v1/accounts/${alice}`)).body['balance']).toEqual(usd('70'));
});

test('without a key the API makes an id, a new one each time', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const ids = new Set<unknown>();
  for (let i = 0; i < 3; i += 1) {
    ids.add((await api.post('/v1/deposits', { to: alice, amount: usd('1') })).body['id']);
  }
  expect(ids.size).toBe(3);
});

test('a key used again with another body is refused, names what differs, and moves nothing', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const headers = { 'Idempotency-Key': randomUUID() };
  await api.post('/v1/deposits', { to: alice, amount: usd('70') }, headers);
  const { status, body } = await api.post('/v1/deposits', { to: alice, amount: usd('71') }, headers);
  expect(status).toBe(422);
  expect(body).toMatchObject({ reason: 'ID_REUSED', field: 'amount', id: headers['Idempotency-Key'] });
  expect((await api.get(`/v1/accounts/${alice}`)).body['balance']).toEqual(usd('70'));
});

test('a refusal is a problem with what it is about, frozen for its key', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '70');
  const headers = { 'Idempotency-Key': randomUUID() };
  const send = () => api.post('/v1/withdrawals', { from: alice, amount: usd('71') }, headers);
  const refused = await send();
  expect(refused.status).toBe(422);
  expect(refused.headers.get('idempotent-replayed')).toBeNull();
  expect(refused.body).toMatchObject({
    type: 'urn:giro:problem:insufficient-funds',
    title: 'The debit would take more than is available in the account.',
    status: 422,
    reason: 'INSUFFICIENT_FUNDS',
    account: alice,
    available: '70',
    needed: '71',
    currency: 'USD',
    id: headers['Idempotency-Key'],
    replayed: false,
  });

  await api.post('/v1/deposits', { to: alice, amount: usd('1000') });
  const again = await send();
  expect(again.status).toBe(422);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.body).toMatchObject({ available: '70', replayed: true });
});

test('a branch cannot pay out cash that it does not have', async () => {
  const [poor, rich] = [await api.newBranch('0'), await api.newBranch('0')];
  const alice = await api.newAccount(rich, 'alice', '100');
  const bob = await api.newAccount(poor, 'bob');
  await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('100') });
  const { status, body } = await api.post('/v1/withdrawals', { from: bob, amount: usd('1') });
  expect(status).toBe(422);
  expect(body).toMatchObject({ reason: 'INSUFFICIENT_CASH', branch: String(poor), available: '0' });
});

test('amounts reach to the end of 64 bits, and no further', async () => {
  const branch = await api.newBranch('0');
  const alice = await api.newAccount(branch, 'alice');
  const most = '9223372036854775807';
  const deposit = await api.post('/v1/deposits', { to: alice, amount: usd(most) });
  expect(deposit).toMatchObject({ status: 201, body: { balance: usd(most) } });
  const { status, body } = await api.post('/v1/deposits', { to: alice, amount: usd(1) });
  expect(status).toBe(422);
  expect(body['reason']).toBe('BALANCE_OVERFLOW');
});
