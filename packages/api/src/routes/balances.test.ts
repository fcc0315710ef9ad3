import { formatAccountId } from '@giro/sdk';
import { beforeAll, describe, expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

interface Receipt {
  time: string;
  positions: { branch: number; position: string }[];
}

let branch: number;
let alice: string;
let bob: string;
/** Of two deposits to alice, and between them a transfer to bob in another branch. */
let receipts: Receipt[];

beforeAll(async () => {
  branch = await api.newBranch();
  alice = await api.newAccount(branch, 'alice');
  bob = await api.newAccount(await api.newBranch(), 'bob');
  const write = async (path: string, body: unknown) =>
    (await api.post(path, body)).body as unknown as Receipt;
  receipts = [
    await write('/v1/deposits', { to: alice, amount: usd('100') }),
    await write('/v1/transfers', { from: alice, to: bob, amount: usd('30') }),
    await write('/v1/deposits', { to: alice, amount: usd('5') }),
  ];
});

const balance = async (query: string) => api.get(`/v1/accounts/${alice}/balance${query}`);
const balances = async (body: unknown) =>
  (await api.post('/v1/balances/lookup', body)).body['balances'] as unknown[];

test('a balance as it is now has what is available, too', async () => {
  const { status, body } = await balance('');
  expect(status).toBe(200);
  const [last] = receipts[2]?.positions ?? [];
  expect(body).toMatchObject({
    account: alice,
    balance: usd('75'),
    available: usd('75'),
    branch,
    position: last?.position,
    time: receipts[2]?.time,
  });
});

test('a past balance is that at a time, to the microsecond, or at a position', async () => {
  for (const [index, expected] of ['100', '70', '75'].entries()) {
    const { time = '', positions = [] } = receipts[index] ?? {};
    const position = positions.find((each) => each.branch === branch)?.position ?? '';
    const at = { balance: usd(expected), position, time };
    expect((await balance(`?time=${time}`)).body).toMatchObject(at);
    const byPosition = await balance(`?position=${position}`);
    expect(byPosition.body).toMatchObject(at);
    expect(byPosition.body).not.toHaveProperty('available');
  }
  const before = new Date(Date.parse(receipts[0]?.time ?? '') - 1).toISOString();
  expect((await balance(`?time=${before}`)).body['balance']).toEqual(usd('0'));
});

test('balances of many accounts come from one snapshot, in the order asked for', async () => {
  expect(await balances({ accounts: [bob, alice] })).toMatchObject([
    { account: bob, balance: usd('30') },
    { account: alice, balance: usd('75') },
  ]);
  const { time } = receipts[1] ?? {};
  expect(await balances({ accounts: [alice, bob], at: { time } })).toMatchObject([
    { account: alice, balance: usd('70') },
    { account: bob, balance: usd('30') },
  ]);
  const [{ position } = { position: '' }] = receipts[0]?.positions ?? [];
  for (const given of [position, Number(position)]) {
    expect(await balances({ accounts: [alice], at: { position: given } })).toMatchObject([
      { account: alice, balance: usd('100'), position },
    ]);
  }
});

describe('what there is no balance of', () => {
  test('an account that nobody opened', async () => {
    const absent = formatAccountId({ branch, serial: 999_999 });
    expect(await api.get(`/v1/accounts/${absent}/balance`)).toMatchObject({
      status: 404,
      body: { reason: 'ACCOUNT_NOT_FOUND', field: 'account' },
    });
    expect(await api.post('/v1/balances/lookup', { accounts: [alice, absent] })).toMatchObject({
      status: 404,
      body: { reason: 'ACCOUNT_NOT_FOUND', field: 'accounts[1]', account: absent },
    });
  });

  test('a position that the journal has not reached', async () => {
    const last = receipts[2]?.positions[0]?.position;
    expect(await balance('?position=99999')).toMatchObject({
      status: 404,
      body: { reason: 'POSITION_NOT_FOUND', field: 'position', position: '99999', last },
    });
    const lookup = await api.post('/v1/balances/lookup', { accounts: [alice], at: { position: '99999' } });
    expect(lookup).toMatchObject({ status: 404, body: { field: 'at.position' } });
  });

  test('a position of several branches', async () => {
    const lookup = await api.post('/v1/balances/lookup', { accounts: [alice, bob], at: { position: '1' } });
    expect(lookup).toMatchObject({ status: 400, body: { reason: 'INVALID_FIELD', field: 'at.position' } });
  });
});
