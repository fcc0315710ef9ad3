import { randomUUID } from 'node:crypto';
import { internalAccountId } from '@giro/sdk';
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

test('description and metadata go along, and statements show them', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const notes = { description: 'Gehalt für März ✓', metadata: { payroll: '2026-03' } };
  const headers = { 'Idempotency-Key': randomUUID() };
  const body = { to: alice, amount: usd('5'), ...notes };
  const deposit = await api.post('/v1/deposits', body, headers);
  expect((await api.get(deposit.headers.get('location') ?? '')).body).toMatchObject(notes);
  const { body: statement } = await api.get(`/v1/accounts/${alice}/statement`);
  expect(statement['items']).toMatchObject([notes]);

  const other = { ...body, description: 'Gehalt' };
  expect(await api.post('/v1/deposits', other, headers)).toMatchObject({
    status: 422,
    body: { reason: 'ID_REUSED', field: 'description' },
  });
});

test('a write applies only if its preconditions hold', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '70');
  const bob = await api.newAccount(branch, 'bob');
  const { position } = (await api.get(`/v1/accounts/${alice}`)).body;
  const send = (...preconditions: object[]) =>
    api.post('/v1/transfers', { from: alice, to: bob, amount: usd('1'), preconditions });
  const refused = [
    ['balanceAtLeast', '71', '70'],
    ['balanceAtMost', '69', '70'],
    ['position', '1', String(position)],
  ] as const;
  for (const [condition, expected, actual] of refused) {
    expect(
      await send({ account: bob, balanceAtMost: 0 }, { account: alice, [condition]: expected }),
    ).toMatchObject({
      status: 412,
      body: {
        reason: 'PRECONDITION_FAILED',
        field: `preconditions[1].${condition}`,
        account: alice,
        expected,
        actual,
      },
    });
  }
  const met = { account: alice, balanceAtLeast: '70', balanceAtMost: 70, position };
  expect((await send(met)).status).toBe(201);
});

test("operators move money to and from the bank's own accounts", async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '70');
  const income = internalAccountId({ branch, kind: 'income', currency: 'USD' });
  const fee = { from: alice, to: income, amount: usd('3') };
  const moved = await api.post('/v1/operator-transfers', fee);
  expect(moved).toMatchObject({ status: 201, body: { balance: usd('67') } });
  expect((await api.get(moved.headers.get('location') ?? '')).body).toMatchObject({
    kind: 'operator',
    from: alice,
    to: income,
  });
  expect((await api.get(`/v1/accounts/${income}`)).body).toMatchObject({ kind: 'income', balance: usd('3') });
  expect(await api.post('/v1/transfers', fee)).toMatchObject({
    status: 400,
    body: { reason: 'INVALID_FIELD', field: 'to' },
  });
});

test('a transfer is reversed once, and a reversal is not', async () => {
  const [here, there] = [await api.newBranch(), await api.newBranch()];
  const alice = await api.newAccount(here, 'alice', '70');
  const bob = await api.newAccount(there, 'bob');
  const { headers } = await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('50') });
  const location = headers.get('location') ?? '';
  const id = location.split('/').at(-1);
  const reversed = await api.send('POST', `${location}/reversal`);
  expect(reversed).toMatchObject({ status: 201, body: { balance: usd('0') } });
  const reversal = reversed.headers.get('location') ?? '';
  expect((await api.get(reversal)).body).toMatchObject({
    kind: 'reversal',
    from: bob,
    to: alice,
    reversalOf: id,
  });
  expect((await api.get(location)).body).toMatchObject({ reversedBy: reversed.body['id'] });

  expect(await api.send('POST', `${location}/reversal`)).toMatchObject({
    status: 422,
    body: { reason: 'ALREADY_REVERSED', field: 'id', original: id, by: reversed.body['id'] },
  });
  const again = await api.send('POST', `${reversal}/reversal`);
  expect(again).toMatchObject({ status: 422, body: { reason: 'NOT_REVERSIBLE', field: 'id' } });
  expect(again.body['problem']).toEqual(expect.any(String));
  expect(await api.send('POST', `/v1/branches/${here}/transfers/${randomUUID()}/reversal`)).toMatchObject({
    status: 404,
    body: { reason: 'ORIGINAL_NOT_FOUND', field: 'id' },
  });
});

test('many transfers are looked up at once, found or not', async () => {
  const [here, there] = [await api.newBranch(), await api.newBranch()];
  const alice = await api.newAccount(here, 'alice');
  const bob = await api.newAccount(there, 'bob');
  const deposit = await api.post('/v1/deposits', { to: alice, amount: usd('9') });
  const transfer = await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('9') });
  const absent = { branch: here, id: randomUUID() };
  const { status, body } = await api.post('/v1/transfers/lookup', {
    transfers: [
      { branch: there, id: transfer.body['id'] },
      absent,
      { branch: here, id: String(deposit.body['id']).toUpperCase() },
    ],
  });
  expect(status).toBe(200);
  expect(body['transfers']).toMatchObject([
    { id: transfer.body['id'], branch: there },
    { id: deposit.body['id'], branch: here },
  ]);
  expect(body['missing']).toEqual([absent]);
});
