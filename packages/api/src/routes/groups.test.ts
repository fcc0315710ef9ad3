import { randomUUID } from 'node:crypto';
import { internalAccountId } from '@giro/sdk';
import { beforeEach, expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

let here: number;
let there: number;
let alice: string;
let bob: string;

beforeEach(async () => {
  [here, there] = [await api.newBranch(), await api.newBranch()];
  alice = await api.newAccount(here, 'alice', '100');
  bob = await api.newAccount(there, 'bob', '100');
});

const balances = async () => {
  const { body } = await api.post('/v1/balances/lookup', { accounts: [alice, bob] });
  return (body['balances'] as { balance: { amount: string } }[]).map(({ balance }) => balance.amount);
};

interface Receipt {
  id: string;
  balance?: unknown;
}

test('all members apply, in their order, and are found where Location says', async () => {
  const key = randomUUID();
  const id = randomUUID();
  const group = {
    members: [
      { transfer: { id, from: alice, to: bob, amount: usd('80'), description: 'first' } },
      { withdraw: { from: bob, amount: usd('150') } },
      { deposit: { to: alice, amount: usd('7') } },
    ],
    description: 'rent',
    metadata: { month: '11' },
  };
  const { status, body, headers } = await api.post('/v1/groups', group, { 'Idempotency-Key': key });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    id: key,
    positions: [{ branch: Math.min(here, there) }, { branch: Math.max(here, there) }],
    members: [{ id, balance: usd('20') }, { balance: usd('30') }, { balance: usd('27') }],
    replayed: false,
  });
  expect(await balances()).toEqual(['27', '30']);

  const found = await api.get(headers.get('location') ?? '');
  const members = body['members'] as Receipt[];
  expect(found).toMatchObject({
    status: 200,
    body: {
      id: key,
      description: 'rent',
      metadata: { month: '11' },
      branches: [here, there].sort((a, b) => a - b),
    },
  });
  expect(found.body['transfers']).toMatchObject([
    { id, kind: 'transfer', groupId: key, description: 'first' },
    { id: members[1]?.id, kind: 'withdrawal' },
    { id: members[2]?.id, kind: 'deposit' },
  ]);

  const replay = await api.post('/v1/groups', group, { 'Idempotency-Key': key });
  expect(replay).toMatchObject({ status: 201, body: { members: members.map((each) => ({ id: each.id })) } });
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect(await balances()).toEqual(['27', '30']);
});

test('a refused member refuses the group: its problem, which member, and a result for each', async () => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  const group = {
    members: [
      { deposit: { id: ids[0], to: alice, amount: usd('5') } },
      { transfer: { id: ids[1], from: alice, to: bob, amount: usd('106') } },
      { withdraw: { id: ids[2], from: bob, amount: usd('1') } },
    ],
  };
  const refused = await api.post('/v1/groups', group, headers);
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    type: 'urn:giro:problem:insufficient-funds',
    reason: 'INSUFFICIENT_FUNDS',
    field: 'members[1].transfer.amount',
    member: 1,
    account: alice,
    available: '105',
    needed: '106',
    id: headers['Idempotency-Key'],
    replayed: false,
    results: [
      { id: ids[0], reason: 'GROUP_FAILED' },
      { id: ids[1], reason: 'INSUFFICIENT_FUNDS' },
      { id: ids[2], reason: 'GROUP_FAILED' },
    ],
  });
  expect(await balances()).toEqual(['100', '100']);

  const again = await api.post('/v1/groups', group, headers);
  expect(again).toMatchObject({ status: 422, body: { member: 1, replayed: true } });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  const alone = { to: alice, amount: usd('5') };
  expect((await api.post('/v1/deposits', alone, { 'Idempotency-Key': String(ids[0]) })).status).toBe(201);
});

test('the status is that of the member that failed', async () => {
  const absent = randomUUID();
  const { status, body } = await api.post('/v1/groups', {
    members: [{ deposit: { to: alice, amount: usd('5') } }, { captureHold: { branch: here, hold: absent } }],
  });
  expect(status).toBe(404);
  expect(body).toMatchObject({ reason: 'HOLD_NOT_FOUND', member: 1, field: 'members[1].captureHold.hold' });
});

test('a precondition of the group is its own', async () => {
  const { status, body } = await api.post('/v1/groups', {
    members: [{ deposit: { to: alice, amount: usd('5') } }],
    preconditions: [{ account: alice, balanceAtMost: '99' }],
  });
  expect(status).toBe(412);
  expect(body).toMatchObject({
    reason: 'PRECONDITION_FAILED',
    field: 'preconditions[0].balanceAtMost',
    actual: '100',
  });
  expect(body).not.toHaveProperty('member');
});

test('holds are placed, captured and released within a group', async () => {
  const [kept, dropped] = [randomUUID(), randomUUID()];
  const { status } = await api.post('/v1/groups', {
    members: [
      { placeHold: { id: kept, from: alice, to: bob, amount: usd('40') } },
      { placeHold: { id: dropped, from: alice, to: bob, amount: usd('60') } },
      { releaseHold: { branch: here, hold: dropped } },
      { captureHold: { branch: here, hold: kept, amount: '30' } },
    ],
  });
  expect(status).toBe(201);
  expect(await balances()).toEqual(['70', '130']);
});

test('an exchange goes through the exchange accounts, in one group', async () => {
  const euros = await api.newAccount(here, 'alice', '0', 'EUR');
  const exchange = (currency: string) => internalAccountId({ branch: here, kind: 'exchange', currency });
  const eur = { amount: '90', currency: 'EUR' };
  const { status } = await api.post('/v1/groups', {
    members: [
      { operatorTransfer: { from: alice, to: exchange('USD'), amount: usd('100') } },
      { operatorTransfer: { from: exchange('EUR'), to: euros, amount: eur } },
    ],
  });
  expect(status).toBe(201);
  expect((await api.get(`/v1/accounts/${euros}`)).body['balance']).toEqual(eur);
});

test('a group is reversed whole, once', async () => {
  const { body: group, headers } = await api.post('/v1/groups', {
    members: [
      { transfer: { from: alice, to: bob, amount: usd('40') } },
      { deposit: { to: bob, amount: usd('5') } },
    ],
  });
  const location = headers.get('location') ?? '';
  const reversed = await api.post(`${location}/reversal`, { description: 'wrong month' });
  expect(reversed.status).toBe(201);
  expect(reversed.body['members']).toHaveLength(2);
  expect(await balances()).toEqual(['100', '100']);
  expect((await api.get(reversed.headers.get('location') ?? '')).body).toMatchObject({
    reversalOf: group['id'],
    description: 'wrong month',
  });
  expect(await api.send('POST', `${location}/reversal`)).toMatchObject({
    status: 422,
    body: { reason: 'ALREADY_REVERSED', field: 'id', by: reversed.body['id'] },
  });
});

test('a group that never was is not found', async () => {
  const path = `/v1/branches/${here}/groups/${randomUUID()}`;
  expect(await api.get(path)).toMatchObject({
    status: 404,
    body: { reason: 'GROUP_NOT_FOUND', field: 'id' },
  });
  expect(await api.send('POST', `${path}/reversal`)).toMatchObject({
    status: 404,
    body: { reason: 'ORIGINAL_NOT_FOUND', field: 'id' },
  });
});
