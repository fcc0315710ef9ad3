import { randomUUID } from 'node:crypto';
import { formatAccountId } from '@giro/sdk';
import { describe, expect, test } from 'vitest';
import { useBadRequests } from '../test-support/bad-requests.js';
import { useApi } from '../test-support/test-api.js';

const api = useApi();
const bank = useBadRequests(api);

const amount = { amount: '5', currency: 'USD' };

type Write = readonly [method: 'POST' | 'PUT', path: string, body: object];

/** One well-formed request for every kind of write. */
function writes(): Write[] {
  const { branch, alice, bob, hold } = bank;
  const inBranch = `/v1/branches/${branch}`;
  const ofAlice = `/v1/accounts/${alice}`;
  return [
    ['POST', '/v1/branches', { id: branch, initialBalance: amount }],
    ['POST', `${inBranch}/cash/additions`, { amount }],
    ['POST', `${inBranch}/cash/removals`, { amount }],
    ['POST', `${inBranch}/close`, {}],
    ['POST', '/v1/accounts', { branch, customer: 'carol', currency: 'USD' }],
    ['POST', `${ofAlice}/freeze`, {}],
    ['POST', `${ofAlice}/unfreeze`, {}],
    ['POST', `${ofAlice}/close`, {}],
    ['PUT', `${ofAlice}/overdraft-limit`, { limit: amount }],
    ['PUT', `${ofAlice}/metadata`, { metadata: {} }],
    ['POST', '/v1/deposits', { to: alice, amount }],
    ['POST', '/v1/withdrawals', { from: alice, amount }],
    ['POST', '/v1/transfers', { from: alice, to: bob, amount }],
    ['POST', '/v1/operator-transfers', { from: alice, to: bob, amount }],
    ['POST', `${inBranch}/transfers/${randomUUID()}/reversal`, {}],
    ['POST', '/v1/holds', { from: alice, to: bob, amount }],
    ['POST', `${inBranch}/holds/${hold}/capture`, {}],
    ['POST', `${inBranch}/holds/${hold}/release`, {}],
    ['POST', '/v1/groups', { members: [{ deposit: { to: alice, amount } }] }],
    ['POST', `${inBranch}/groups/${randomUUID()}/reversal`, {}],
  ];
}

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
const condition = (fields: object) => () => ({ preconditions: [{ account: bank.alice, ...fields }] });

test.each<[name: string, field: string, wrong: () => object | string]>([
  ['a description of 257 characters', 'description', () => ({ description: 'x'.repeat(257) })],
  ['a description that is a number', 'description', () => ({ description: 5 })],
  ['a description that is null', 'description', () => ({ description: null })],
  ['a description with half a character', 'description', () => ({ description: '\ud800' })],
  ['a description with a control character', 'description', () => ({ description: 'a\u0000b' })],
  ['metadata that are a list', 'metadata', () => ({ metadata: ['x'] })],
  ['metadata that are null', 'metadata', () => ({ metadata: null })],
  ['metadata of 17 pairs', 'metadata', () => ({ metadata: pairs(17) })],
  ['metadata with an empty key', 'metadata', () => ({ metadata: { '': 'x' } })],
  ['metadata with a long key', 'metadata', () => ({ metadata: { ['k'.repeat(65)]: 'x' } })],
  ['metadata with a long value', 'metadata.order', () => ({ metadata: { order: 'x'.repeat(257) } })],
  ['metadata with a number', 'metadata.order', () => ({ metadata: { order: 5 } })],
  ['metadata with a nested pair', 'metadata.order', () => ({ metadata: { order: { id: '5' } } })],
  ['metadata with half a character', 'metadata.order_id', () => ({ metadata: { order_id: '\udfff' } })],
  ['preconditions that are no list', 'preconditions', () => ({ preconditions: {} })],
  [
    '17 preconditions',
    'preconditions',
    () => ({ preconditions: Array.from({ length: 17 }, () => ({ account: bank.alice, position: 1 })) }),
  ],
  ['a precondition of nothing', 'preconditions[0]', condition({})],
  ['a misspelled precondition', 'preconditions[0].balanceAtleast', condition({ balanceAtleast: 5 })],
  [
    'a precondition without an account',
    'preconditions[0].account',
    condition({ account: undefined, position: 1 }),
  ],
  [
    'a precondition of a mistyped account',
    'preconditions[0].account',
    condition({ account: '1-1-00', position: 1 }),
  ],
  ['a fractional balance', 'preconditions[0].balanceAtLeast', condition({ balanceAtLeast: '1.5' })],
  [
    'a balance beyond 64 bits',
    'preconditions[0].balanceAtMost',
    condition({ balanceAtMost: '9223372036854775808' }),
  ],
  ['a negative position', 'preconditions[0].position', condition({ position: -1 })],
  ['an id, which belongs into the header', 'id', () => ({ id: randomUUID() })],
])('%s is refused by every write', async (_, field, wrong) => {
  const before = await bank.books();
  for (const [method, path, body] of writes()) {
    // A branch to open has a number by that name.
    if (field === 'id' && path === '/v1/branches') continue;
    const init = {
      body: JSON.stringify({ ...body, ...(wrong() as object) }),
      headers: { 'Content-Type': 'application/json' },
    };
    const refused = await api.send(method, path, init);
    expect(refused.status, path).toBe(400);
    expect(refused.body, path).toMatchObject({ reason: 'INVALID_FIELD', field });
  }
  expect(await bank.books()).toEqual(before);
});

test('`__proto__` is no key of metadata', async () => {
  const before = await bank.books();
  for (const [method, path, body] of writes()) {
    const text = JSON.stringify({ ...body, metadata: {} }).replace(
      '"metadata":{}',
      '"metadata":{"__proto__":"x"}',
    );
    const init = { body: text, headers: { 'Content-Type': 'application/json' } };
    expect(await api.send(method, path, init)).toMatchObject({
      status: 400,
      body: { reason: 'INVALID_FIELD', field: 'metadata.__proto__' },
    });
  }
  expect(await bank.books()).toEqual(before);
});

describe('a precondition', () => {
  const deposit = (account: string) => ({
    to: bank.alice,
    amount,
    preconditions: [{ account, position: 1 }],
  });

  test('of an account in a branch that the write does not touch', async () => {
    await bank.expectRefused({
      path: '/v1/deposits',
      body: deposit(formatAccountId({ branch: (bank.branch + 1) % 10_000, serial: 1 })),
      field: 'preconditions[0].account',
    });
  });

  test('of an account that nobody opened', async () => {
    await bank.expectRefused({
      path: '/v1/deposits',
      body: deposit(formatAccountId({ branch: bank.branch, serial: 999_999 })),
      status: 404,
      reason: 'ACCOUNT_NOT_FOUND',
      field: 'preconditions[0].account',
    });
  });
});
