import { randomUUID } from 'node:crypto';
import { internalAccountId } from '@giro/sdk';
import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

test('each command has its own result, in the order of the commands', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const bob = await api.newAccount(branch, 'bob');
  const id = randomUUID();
  const { status, body } = await api.post('/v1/batches', {
    commands: [
      { deposit: { id, to: alice, amount: usd('100') } },
      { transfer: { from: alice, to: bob, amount: usd('60') } },
      { withdraw: { from: alice, amount: usd('50') } },
      { withdraw: { from: bob, amount: usd('10') } },
    ],
  });
  expect(status).toBe(200);
  expect(body['results']).toMatchObject([
    { ok: true, id, receipt: { id, balance: usd('100') } },
    { ok: true, receipt: { balance: usd('40') } },
    { ok: false, error: { reason: 'INSUFFICIENT_FUNDS', status: 422, available: '40', replayed: false } },
    { ok: true, receipt: { balance: usd('50') } },
  ]);
});

test('a batch sent again with its key repeats its commands instead of doubling them', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const deposit = { deposit: { to: alice, amount: usd('5') } };
  const commands = [deposit, deposit, { withdraw: { from: alice, amount: usd('11') } }];
  const headers = { 'Idempotency-Key': randomUUID() };
  const first = await api.post('/v1/batches', { commands }, headers);
  const second = await api.post('/v1/batches', { commands }, headers);
  const ids = (body: typeof first.body) => (body['results'] as { id: string }[]).map(({ id }) => id);
  expect(new Set(ids(first.body)).size).toBe(3);
  expect(ids(second.body)).toEqual(ids(first.body));
  expect(second.body['results']).toMatchObject([
    { ok: true, receipt: { balance: usd('5'), replayed: true } },
    { ok: true, receipt: { balance: usd('10'), replayed: true } },
    { ok: false, error: { reason: 'INSUFFICIENT_FUNDS', replayed: true } },
  ]);
  expect((await api.get(`/v1/accounts/${alice}`)).body['balance']).toEqual(usd('10'));
});

test('commands of every kind, each with a result of its own kind', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '100');
  const bob = await api.newAccount(branch, 'bob');
  const income = internalAccountId({ branch, kind: 'income', currency: 'USD' });
  const [transfer, kept, dropped] = [randomUUID(), randomUUID(), randomUUID()];
  const commands = [
    { transfer: { id: transfer, from: alice, to: bob, amount: usd('10') } },
    { reverseTransfer: { branch, transfer } },
    { operatorTransfer: { from: alice, to: income, amount: usd('1') } },
    { placeHold: { id: kept, from: alice, to: bob, amount: usd('20'), expiresInMs: 60_000 } },
    { placeHold: { id: dropped, from: alice, to: bob, amount: usd('30') } },
    { captureHold: { branch, hold: kept, amount: 15 } },
    { releaseHold: { branch, hold: dropped } },
    {
      group: {
        members: [{ withdraw: { from: bob, amount: usd('5') } }, { deposit: { to: bob, amount: usd('2') } }],
      },
    },
    {
      group: {
        members: [{ deposit: { to: bob, amount: usd('2') } }, { withdraw: { from: bob, amount: usd('99') } }],
      },
    },
    { releaseHold: { branch, hold: dropped } },
  ];
  const headers = { 'Idempotency-Key': randomUUID() };
  const { body } = await api.post('/v1/batches', { commands }, headers);
  expect(body['results']).toMatchObject([
    { ok: true, receipt: { balance: usd('90') } },
    { ok: true, receipt: { balance: usd('0') } },
    { ok: true, receipt: { balance: usd('99') } },
    { ok: true, id: kept },
    { ok: true, id: dropped },
    { ok: true, receipt: { balance: usd('84') } },
    { ok: true },
    { ok: true, receipt: { members: [{ balance: usd('10') }, { balance: usd('12') }] } },
    {
      ok: false,
      error: {
        reason: 'INSUFFICIENT_FUNDS',
        member: 1,
        field: 'members[1].withdraw.amount',
        results: [{ reason: 'GROUP_FAILED' }, { reason: 'INSUFFICIENT_FUNDS' }],
      },
    },
    { ok: false, error: { reason: 'HOLD_RELEASED', field: 'hold' } },
  ]);

  const again = await api.post('/v1/batches', { commands }, headers);
  const flags = (
    again.body['results'] as { receipt?: { replayed: boolean }; error?: { replayed: boolean } }[]
  ).map(({ receipt, error }) => receipt?.replayed ?? error?.replayed);
  expect(new Set(flags)).toEqual(new Set([true]));
  expect((await api.get(`/v1/accounts/${bob}`)).body['balance']).toEqual(usd('12'));
});

test('without a key each batch is a new one', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const commands = [{ deposit: { to: alice, amount: usd('5') } }];
  for (let i = 0; i < 2; i += 1) await api.post('/v1/batches', { commands });
  expect((await api.get(`/v1/accounts/${alice}`)).body['balance']).toEqual(usd('10'));
});

test('the largest batch fits into a request', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice');
  const command = () => ({ deposit: { id: randomUUID(), to: alice, amount: usd('1') } });
  const { status, body } = await api.post('/v1/batches', {
    commands: Array.from({ length: 8_192 }, command),
  });
  expect(status).toBe(200);
  expect(body['results']).toHaveLength(8_192);
  expect((await api.get(`/v1/accounts/${alice}`)).body['balance']).toEqual(usd('8192'));
});
