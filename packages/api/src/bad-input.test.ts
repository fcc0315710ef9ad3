import { randomUUID } from 'node:crypto';
import { formatAccountId, internalAccountId } from '@giro/sdk';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBadRequests } from '../test-support/bad-requests.js';
import { ABSENT_BRANCH, useApi } from '../test-support/test-api.js';
import { wrongAmounts } from '../test-support/wrong-amounts.js';

const api = useApi();

const usd = (amount: unknown) => ({ amount, currency: 'USD' });

const bank = useBadRequests(api);
const { expectRefused } = bank;
const usedKey = randomUUID();

beforeAll(async () => {
  await api.post('/v1/deposits', { to: bank.bob, amount: usd('1') }, { 'Idempotency-Key': usedKey });
});

describe('an amount to move', () => {
  test.each(wrongAmounts)('that is %s', async (_, amount) => {
    const field = 'amount.amount';
    await expectRefused({
      path: '/v1/deposits',
      body: { to: bank.alice, amount: usd(amount) },
      status: 400,
      field,
    });
    await expectRefused({
      path: '/v1/withdrawals',
      body: { from: bank.alice, amount: usd(amount) },
      status: 400,
      field,
    });
    await expectRefused({
      path: '/v1/transfers',
      body: { from: bank.alice, to: bank.bob, amount: usd(amount) },
      status: 400,
      field,
    });
    await expectRefused({
      path: '/v1/batches',
      body: {
        commands: [
          { deposit: { to: bank.alice, amount: usd('5') } },
          { transfer: { from: bank.alice, to: bank.bob, amount: usd(amount) } },
        ],
      },
      status: 400,
      field: 'commands[1].transfer.amount.amount',
    });
  });

  test.each([
    ['no currency', 'amount.currency', { amount: '5' }],
    ['an unknown currency', 'amount.currency', { amount: '5', currency: 'XYZ' }],
    ['a currency in lower case', 'amount.currency', { amount: '5', currency: 'usd' }],
    ['a currency of another type', 'amount.currency', { amount: '5', currency: 840 }],
    ['no amount at all', 'amount', undefined],
    ['a bare number', 'amount', 5],
    ['a field too many', 'amount.unit', { amount: '5', currency: 'USD', unit: 'cents' }],
  ])('with %s', async (_, field, amount) => {
    await expectRefused({ path: '/v1/deposits', body: { to: bank.alice, amount }, status: 400, field });
  });
});

describe('an account', () => {
  const mistyped = formatAccountId({ branch: 17, serial: 1042 }).replace('1042', '1024');

  test.each([
    ['mistyped', mistyped],
    ['malformed', 'alice'],
    ['without check digits', '17-1042'],
    ['with a leading zero', `0${formatAccountId({ branch: 17, serial: 1042 })}`],
    ['empty', ''],
    ['a number', 17],
    ['null', null],
    ['missing', undefined],
  ])('that is %s', async (_, account) => {
    const amount = usd('5');
    await expectRefused({ path: '/v1/deposits', body: { to: account, amount }, status: 400, field: 'to' });
    await expectRefused({
      path: '/v1/withdrawals',
      body: { from: account, amount },
      status: 400,
      field: 'from',
    });
    await expectRefused({
      path: '/v1/transfers',
      body: { from: bank.alice, to: account, amount },
      status: 400,
      field: 'to',
    });
  });

  test('that is mistyped in a path', async () => {
    for (const path of [`/v1/accounts/${mistyped}`, '/v1/accounts/x/statement']) {
      const { status, body } = await api.get(path);
      expect(status).toBe(400);
      expect(body['field']).toBe('account');
    }
  });

  test('that nobody opened', async () => {
    const absent = formatAccountId({ branch: bank.branch, serial: 999_999 });
    const reason = 'ACCOUNT_NOT_FOUND';
    await expectRefused({
      path: '/v1/transfers',
      body: { from: bank.alice, to: absent, amount: usd('5') },
      status: 404,
      reason,
      field: 'to',
    });
    await expectRefused({
      path: '/v1/withdrawals',
      body: { from: absent, amount: usd('5') },
      status: 404,
      reason,
      field: 'from',
    });
    const { status, body } = await api.get(`/v1/accounts/${absent}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ reason, field: 'account', account: absent });
  });

  test('in a branch that nobody opened', async () => {
    const absent = formatAccountId({ branch: ABSENT_BRANCH, serial: 1 });
    await expectRefused({
      path: '/v1/transfers',
      body: { from: bank.alice, to: absent, amount: usd('5') },
      status: 404,
      reason: 'BRANCH_NOT_FOUND',
      field: 'to',
    });
  });

  test("that is the bank's own", async () => {
    const vault = internalAccountId({ branch: bank.branch, kind: 'vault', currency: 'USD' });
    await expectRefused({
      path: '/v1/transfers',
      body: { from: vault, to: bank.alice, amount: usd('5') },
      status: 400,
      field: 'from',
    });
  });

  test('that is debited and credited at once', async () => {
    await expectRefused({
      path: '/v1/transfers',
      body: { from: bank.alice, to: bank.alice, amount: usd('5') },
      status: 400,
      field: 'to',
    });
  });

  test('in another currency', async () => {
    await expectRefused({
      path: '/v1/deposits',
      body: { to: bank.alice, amount: { amount: '5', currency: 'EUR' } },
      status: 422,
      reason: 'CURRENCY_MISMATCH',
      field: 'amount.currency',
    });
  });

  test('with less than is to be moved', async () => {
    await expectRefused({
      path: '/v1/transfers',
      body: { from: bank.alice, to: bank.bob, amount: usd('1001') },
      status: 422,
      reason: 'INSUFFICIENT_FUNDS',
      field: 'amount',
    });
  });
});

describe('a branch to open', () => {
  test.each([
    ['no id', 'id', { initialBalance: usd('0') }],
    ['an id of words', 'id', { id: '7', initialBalance: usd('0') }],
    ['a negative id', 'id', { id: -1, initialBalance: usd('0') }],
    ['an id beyond four digits', 'id', { id: 10_000, initialBalance: usd('0') }],
    ['a fractional id', 'id', { id: 1.5, initialBalance: usd('0') }],
    ['a negative balance', 'initialBalance.amount', { id: ABSENT_BRANCH, initialBalance: usd(-1) }],
    ['a fractional balance', 'initialBalance.amount', { id: ABSENT_BRANCH, initialBalance: usd(0.5) }],
    ['no balance', 'initialBalance', { id: ABSENT_BRANCH }],
    ['a misspelled field', 'initalBalance', { id: 1, initalBalance: usd(1), initialBalance: usd(1) }],
  ])('with %s', async (_, field, body) => {
    await expectRefused({ path: '/v1/branches', body, status: 400, field });
  });
});

describe('an account to open', () => {
  const request = () => ({ branch: bank.branch, customer: 'carol', currency: 'USD' });

  test.each([
    ['no branch', 'branch', { branch: undefined }],
    ['a branch of words', 'branch', { branch: 'north' }],
    ['no customer', 'customer', { customer: undefined }],
    ['an empty customer', 'customer', { customer: '' }],
    ['a customer of 129 characters', 'customer', { customer: 'x'.repeat(129) }],
    ['a customer with a control character', 'customer', { customer: 'a\u0000b' }],
    ['a customer with half a character', 'customer', { customer: 'a\ud800' }],
    ['a customer with space around', 'customer', { customer: ' carol ' }],
    ["a customer that is the seed's", 'customer', { customer: 'seed:1' }],
    ['a customer that is a number', 'customer', { customer: 5 }],
    ['no currency', 'currency', { currency: undefined }],
    ['an unknown currency', 'currency', { currency: 'ABC' }],
    ['an id, which belongs into the header', 'id', { id: randomUUID() }],
  ])('with %s', async (_, field, wrong) => {
    await expectRefused({ path: '/v1/accounts', body: { ...request(), ...wrong }, status: 400, field });
  });

  test('in a branch that nobody opened', async () => {
    await expectRefused({
      path: '/v1/accounts',
      body: { ...request(), branch: ABSENT_BRANCH },
      status: 404,
      reason: 'BRANCH_NOT_FOUND',
      field: 'branch',
    });
  });
});

describe('a key', () => {
  test.each(['', 'not-a-uuid', `${randomUUID()}0`, `${randomUUID()}, ${randomUUID()}`])(
    'of %j',
    async (key) => {
      await expectRefused({
        path: '/v1/deposits',
        body: { to: bank.alice, amount: usd('5') },
        headers: { 'Idempotency-Key': key },
        status: 400,
        field: 'Idempotency-Key',
      });
    },
  );

  test.each([
    ['amount', () => ({ to: bank.bob, amount: usd('2') })],
    ['to', () => ({ to: bank.alice, amount: usd('1') })],
  ])('used before with another %s', async (field, body) => {
    await expectRefused({
      path: '/v1/deposits',
      body: body(),
      headers: { 'Idempotency-Key': usedKey },
      status: 422,
      reason: 'ID_REUSED',
      field,
    });
  });
});

describe('a batch', () => {
  const deposit = () => ({ to: bank.alice, amount: usd('5') });

  test.each([
    ['no commands', 'commands', () => ({})],
    ['an empty list', 'commands', () => ({ commands: [] })],
    ['no list', 'commands', () => ({ commands: { deposit: deposit() } })],
    ['too many commands', 'commands', () => ({ commands: Array.from({ length: 8_193 }, () => ({})) })],
    ['an empty command', 'commands[0]', () => ({ commands: [{}] })],
    ['a null command', 'commands[0]', () => ({ commands: [null] })],
    [
      'two in one',
      'commands[0]',
      () => ({ commands: [{ deposit: deposit(), withdraw: { from: bank.alice, amount: usd('5') } }] }),
    ],
    [
      'an unknown command',
      'commands[1].burn',
      () => ({ commands: [{ deposit: deposit() }, { burn: deposit() }] }),
    ],
    ['a wrong id', 'commands[0].deposit.id', () => ({ commands: [{ deposit: { ...deposit(), id: 'x' } }] })],
  ])('with %s', async (_, field, body) => {
    await expectRefused({ path: '/v1/batches', body: body(), status: 400, field });
  });

  test('of which one command is refused tells its field', async () => {
    const absent = formatAccountId({ branch: bank.branch, serial: 888_888 });
    const { status, body } = await api.post('/v1/batches', {
      commands: [{ transfer: { from: bank.alice, to: absent, amount: usd('5') } }],
    });
    expect(status).toBe(200);
    expect(body['results']).toMatchObject([
      { ok: false, error: { reason: 'ACCOUNT_NOT_FOUND', field: 'to' } },
    ]);
  });
});
