import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

test('an account is opened, and found where Location says', async () => {
  const branch = await api.newBranch();
  const key = randomUUID();
  const request = { branch, customer: 'alice', currency: 'USD' };
  const opened = await api.post('/v1/accounts', request, { 'Idempotency-Key': key });
  expect(opened.status).toBe(201);
  expect(opened.body).toMatchObject({
    branch,
    kind: 'customer',
    customer: 'alice',
    currency: 'USD',
    postedDebits: '0',
    postedCredits: '0',
    balance: usd('0'),
    available: usd('0'),
    receipt: { id: key, replayed: false },
  });
  expect(opened.headers.get('location')).toBe(`/v1/accounts/${String(opened.body['id'])}`);

  const found = await api.get(opened.headers.get('location') ?? '');
  const { receipt: _receipt, ...account } = opened.body;
  expect(found).toMatchObject({ status: 200, body: account });
});

test('the same key opens no second account', async () => {
  const branch = await api.newBranch();
  const request = { branch, customer: 'alice', currency: 'USD' };
  const headers = { 'Idempotency-Key': randomUUID() };
  const first = await api.post('/v1/accounts', request, headers);
  const second = await api.post('/v1/accounts', request, headers);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.status).toBe(201);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(second.body).toMatchObject({ id: first.body['id'], receipt: { replayed: true } });
  const { body } = await api.get(`/v1/branches/${branch}/accounts`);
  expect(body['items']).toHaveLength(1);
});

test("a branch's accounts: of customers, of one of them, and the bank's own", async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const bob = await api.newAccount(branch, 'bob');
  const list = async (query: string) => {
    const { status, body } = await api.get(`/v1/branches/${branch}/accounts${query}`);
    expect(status).toBe(200);
    return body['items'] as { id: string; kind: string }[];
  };
  expect((await list('')).map(({ id }) => id)).toEqual([alice, bob]);
  expect((await list('?customer=bob')).map(({ id }) => id)).toEqual([bob]);
  expect(await list('?customer=carol')).toEqual([]);
  expect((await list('?includeInternal=false')).map(({ id }) => id)).toEqual([alice, bob]);
  const kinds = (await list('?includeInternal=true')).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(['capital', 'customer', 'customer', 'vault']);
});

test('a statement tells every posting with the balance after it, in either order and in pages', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '500');
  const bob = await api.newAccount(branch, 'bob');
  await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('120') });
  await api.post('/v1/withdrawals', { from: alice, amount: usd('30') });
  const path = `/v1/accounts/${alice}/statement`;

  const oldest = await api.get(path);
  expect(oldest.status).toBe(200);
  expect(oldest.body['items']).toMatchObject([
    { side: 'credit', amount: usd('500'), balance: usd('500') },
    { side: 'debit', amount: usd('120'), balance: usd('380'), counterparty: bob },
    { side: 'debit', amount: usd('30'), balance: usd('350') },
  ]);
  expect(oldest.body['nextCursor']).toBeNull();

  const newest = await api.get(`${path}?order=newest-first`);
  expect(newest.body['items']).toEqual([...(oldest.body['items'] as unknown[])].reverse());

  const first = await api.get(`${path}?limit=2`);
  const rest = await api.get(`${path}?limit=2&cursor=${String(first.body['nextCursor'])}`);
  expect([...(first.body['items'] as unknown[]), ...(rest.body['items'] as unknown[])]).toEqual(
    oldest.body['items'],
  );
  expect(rest.body['nextCursor']).toBeNull();
});

test('a transfer between branches names the other customer on both statements', async () => {
  const [here, there] = [await api.newBranch(), await api.newBranch()];
  const alice = await api.newAccount(here, 'alice', '500');
  const bob = await api.newAccount(there, 'bob');
  await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('120') });
  const { body } = await api.get(`/v1/accounts/${bob}/statement`);
  expect(body['items']).toMatchObject([{ side: 'credit', counterparty: alice, balance: usd('120') }]);
});

test('a statement has its opening and closing balance, and is of a part of the history', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const places: { time: string; position: string }[] = [];
  for (const amount of ['100', '20', '3']) {
    const { body } = await api.post('/v1/deposits', { to: alice, amount: usd(amount) });
    const [{ position } = { position: '' }] = body['positions'] as { position: string }[];
    places.push({ time: String(body['time']), position });
  }
  const at = (index: number) => places[index] ?? { time: '', position: '' };
  const statement = async (query: string) => {
    const { status, body } = await api.get(`/v1/accounts/${alice}/statement${query}`);
    expect(status).toBe(200);
    const items = body['items'] as { amount: { amount: string } }[];
    return { ...body, nextCursor: body['nextCursor'], amounts: items.map(({ amount }) => amount.amount) };
  };
  expect(await statement('')).toMatchObject({
    amounts: ['100', '20', '3'],
    openingBalance: usd('0'),
    closingBalance: usd('123'),
    position: at(2).position,
  });
  const middle = { amounts: ['20'], openingBalance: usd('100'), closingBalance: usd('120') };
  expect(await statement(`?fromTime=${at(1).time}&toTime=${at(2).time}`)).toMatchObject(middle);
  expect(await statement(`?fromPosition=${at(1).position}&toPosition=${at(1).position}`)).toMatchObject(
    middle,
  );
  expect(await statement(`?fromTime=${at(1).time}&toPosition=${at(1).position}`)).toMatchObject(middle);

  const range = `fromPosition=${at(1).position}&limit=1`;
  const first = await statement(`?${range}`);
  await api.post('/v1/deposits', { to: alice, amount: usd('4000') });
  const second = await statement(`?${range}&cursor=${String(first.nextCursor)}`);
  for (const page of [first, second]) {
    expect(page).toMatchObject({
      openingBalance: usd('100'),
      closingBalance: usd('123'),
      position: at(2).position,
    });
  }
  expect([...first.amounts, ...second.amounts]).toEqual(['20', '3']);

  const beyond = await api.get(`/v1/accounts/${alice}/statement?toPosition=99999`);
  expect(beyond).toMatchObject({ status: 404, body: { reason: 'POSITION_NOT_FOUND', field: 'toPosition' } });
});
