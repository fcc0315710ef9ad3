import { randomUUID } from 'node:crypto';
import { formatAccountId } from '@giro/sdk';
import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

test('a frozen account takes credits and no debits, until it is unfrozen', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '100');
  const path = `/v1/accounts/${alice}`;
  const frozen = await api.post(`${path}/freeze`, { description: 'by court order' });
  expect(frozen).toMatchObject({ status: 200, body: { positions: [{ branch }], replayed: false } });
  expect((await api.get(path)).body).toMatchObject({ state: 'frozen' });

  const refused = await api.post('/v1/withdrawals', { from: alice, amount: usd('1') });
  expect(refused).toMatchObject({
    status: 422,
    body: { reason: 'ACCOUNT_FROZEN', field: 'from', account: alice },
  });
  expect((await api.post('/v1/deposits', { to: alice, amount: usd('1') })).status).toBe(201);

  expect((await api.send('POST', `${path}/unfreeze`)).status).toBe(200);
  expect((await api.get(path)).body).toMatchObject({ state: 'open' });
  expect((await api.post('/v1/withdrawals', { from: alice, amount: usd('1') })).status).toBe(201);
});

test('an account is closed for good once it is empty and nothing of it is held', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '100');
  const close = `/v1/accounts/${alice}/close`;
  expect(await api.send('POST', close)).toMatchObject({
    status: 422,
    body: { reason: 'ACCOUNT_NOT_EMPTY', field: 'account', balance: '100' },
  });
  await api.post('/v1/withdrawals', { from: alice, amount: usd('100') });
  expect((await api.send('POST', close)).status).toBe(200);
  expect((await api.get(`/v1/accounts/${alice}`)).body).toMatchObject({ state: 'closed' });
  for (const name of ['freeze', 'unfreeze', 'close']) {
    expect(await api.send('POST', `/v1/accounts/${alice}/${name}`)).toMatchObject({
      status: 422,
      body: { reason: 'ACCOUNT_CLOSED', field: 'account' },
    });
  }
});

test('an overdraft limit lets the balance go so far below zero', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '100');
  const path = `/v1/accounts/${alice}`;
  const headers = { 'Idempotency-Key': randomUUID() };
  const set = await api.put(`${path}/overdraft-limit`, { limit: usd('50') }, headers);
  expect(set).toMatchObject({ status: 200, body: { id: headers['Idempotency-Key'] } });
  const replay = await api.put(`${path}/overdraft-limit`, { limit: usd('50') }, headers);
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect((await api.get(path)).body).toMatchObject({ overdraftLimit: usd('50'), available: usd('150') });

  const withdrawal = await api.post('/v1/withdrawals', { from: alice, amount: usd('150') });
  expect(withdrawal).toMatchObject({ status: 201, body: { balance: usd('-50') } });
  const other = await api.put(`${path}/overdraft-limit`, { limit: { amount: '5', currency: 'EUR' } });
  expect(other).toMatchObject({
    status: 422,
    body: { reason: 'CURRENCY_MISMATCH', field: 'limit.currency' },
  });
  const reused = await api.put(`${path}/overdraft-limit`, { limit: usd('0') }, headers);
  expect(reused).toMatchObject({ status: 422, body: { reason: 'ID_REUSED', field: 'limit' } });
});

test('metadata is set when the account is opened, and replaced as a whole', async () => {
  const branch = await api.newBranch();
  const opened = await api.post('/v1/accounts', {
    branch,
    customer: 'alice',
    currency: 'USD',
    metadata: { tier: 'gold', crm: '4711' },
  });
  const path = `/v1/accounts/${String(opened.body['id'])}`;
  expect((await api.get(path)).body['metadata']).toEqual({ tier: 'gold', crm: '4711' });
  expect((await api.put(`${path}/metadata`, { metadata: { tier: 'silver' } })).status).toBe(200);
  expect((await api.get(path)).body['metadata']).toEqual({ tier: 'silver' });
  expect((await api.put(`${path}/metadata`, { metadata: {} })).status).toBe(200);
  expect((await api.get(path)).body['metadata']).toEqual({});
});

test('an account that nobody opened cannot be changed', async () => {
  const account = formatAccountId({ branch: await api.newBranch(), serial: 999_999 });
  const answers = [
    await api.send('POST', `/v1/accounts/${account}/freeze`),
    await api.send('POST', `/v1/accounts/${account}/close`),
    await api.put(`/v1/accounts/${account}/overdraft-limit`, { limit: usd('1') }),
    await api.put(`/v1/accounts/${account}/metadata`, { metadata: {} }),
  ];
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 404, body: { reason: 'ACCOUNT_NOT_FOUND', field: 'account' } });
  }
});
