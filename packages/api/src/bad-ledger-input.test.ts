import { randomUUID } from 'node:crypto';
import { formatAccountId, internalAccountId } from '@giro/sdk';
import { describe, expect, test } from 'vitest';
import { useBadRequests } from '../test-support/bad-requests.js';
import { useApi } from '../test-support/test-api.js';
import { wrongAmounts } from '../test-support/wrong-amounts.js';

const api = useApi();
const bank = useBadRequests(api);
const { expectRefused } = bank;

const usd = (amount: unknown) => ({ amount, currency: 'USD' });

describe('an amount', () => {
  test.each(wrongAmounts)('that is %s', async (_, amount) => {
    const { branch, alice, bob, hold } = bank;
    const wrong = usd(amount);
    const field = 'amount.amount';
    const move = { from: alice, to: bob, amount: wrong };
    await expectRefused({ path: '/v1/operator-transfers', body: move, field });
    await expectRefused({ path: '/v1/holds', body: move, field });
    await expectRefused({ path: `/v1/branches/${branch}/cash/additions`, body: { amount: wrong }, field });
    await expectRefused({ path: `/v1/branches/${branch}/cash/removals`, body: { amount: wrong }, field });
    await expectRefused({
      path: '/v1/groups',
      body: { members: [{ deposit: { to: alice, amount: usd('5') } }, { transfer: move }] },
      field: 'members[1].transfer.amount.amount',
    });
    if (amount === undefined) return;
    await expectRefused({
      path: `/v1/branches/${branch}/holds/${hold}/capture`,
      body: { amount },
      field: 'amount',
    });
  });

  test.each(wrongAmounts.filter(([name]) => !name.startsWith('zero')))(
    'of a limit that is %s',
    async (_, amount) => {
      await expectRefused({
        method: 'PUT',
        path: `/v1/accounts/${bank.alice}/overdraft-limit`,
        body: { limit: usd(amount) },
        field: 'limit.amount',
      });
    },
  );
});

describe('a hold', () => {
  const place = (more: object) => ({
    path: '/v1/holds',
    body: { from: bank.alice, to: bank.bob, amount: usd('5'), ...more },
  });

  test.each([0, -1, 1.5, '60000', null, 315_360_000_001, Number.MAX_SAFE_INTEGER])(
    'that expires in %j ms',
    async (expiresInMs) => {
      await expectRefused({ ...place({ expiresInMs }), field: 'expiresInMs' });
    },
  );

  test('between an account and itself', async () => {
    await expectRefused({ ...place({ to: bank.alice }), field: 'to' });
  });

  test("of the bank's own money", async () => {
    const vault = internalAccountId({ branch: bank.branch, kind: 'vault', currency: 'USD' });
    await expectRefused({ ...place({ from: vault }), field: 'from' });
  });

  test('of more than there is', async () => {
    const rest = { status: 422, reason: 'INSUFFICIENT_FUNDS', field: 'amount' } as const;
    await expectRefused({ ...place({ amount: usd('996') }), ...rest });
  });

  test('used as the key of its own end', async () => {
    const { branch, hold } = bank;
    for (const name of ['capture', 'release']) {
      await expectRefused({
        path: `/v1/branches/${branch}/holds/${hold}/${name}`,
        body: {},
        headers: { 'Idempotency-Key': hold },
        field: 'hold',
      });
    }
  });
});

describe('an operator', () => {
  test.each(['vault', 'capital', 'interbranch'] as const)('cannot move %s', async (kind) => {
    const own = internalAccountId({ branch: bank.branch, kind, currency: 'USD', peerBranch: 1 });
    const path = '/v1/operator-transfers';
    await expectRefused({ path, body: { from: own, to: bank.bob, amount: usd('5') }, field: 'from' });
    await expectRefused({ path, body: { from: bank.bob, to: own, amount: usd('5') }, field: 'to' });
  });
});

describe('an account to change', () => {
  test.each([
    ['no limit', 'PUT', 'overdraft-limit', {}, 'limit'],
    ['a bare limit', 'PUT', 'overdraft-limit', { limit: 5 }, 'limit'],
    ['no metadata', 'PUT', 'metadata', {}, 'metadata'],
    ['a state', 'POST', 'freeze', { state: 'frozen' }, 'state'],
  ] as const)('with %s', async (_, method, name, body, field) => {
    await expectRefused({ method, path: `/v1/accounts/${bank.alice}/${name}`, body, field });
  });

  test("that is the bank's own", async () => {
    const income = internalAccountId({ branch: bank.branch, kind: 'income', currency: 'USD' });
    for (const name of ['freeze', 'unfreeze', 'close']) {
      await expectRefused({ path: `/v1/accounts/${income}/${name}`, body: {}, field: 'account' });
    }
  });
});

describe('a group', () => {
  const deposit = (more: object = {}) => ({ deposit: { to: bank.alice, amount: usd('5'), ...more } });
  const id = randomUUID();

  test.each<[name: string, field: string, body: () => object]>([
    ['no members', 'members', () => ({})],
    ['an empty list', 'members', () => ({ members: [] })],
    ['1,001 members', 'members', () => ({ members: Array.from({ length: 1_001 }, () => deposit()) })],
    ['an empty member', 'members[1]', () => ({ members: [deposit(), {}] })],
    [
      'two in one',
      'members[0]',
      () => ({ members: [{ ...deposit(), releaseHold: { branch: 1, hold: id } }] }),
    ],
    ['an unknown member', 'members[0].burn', () => ({ members: [{ burn: {} }] })],
    ['a group within', 'members[0].group', () => ({ members: [{ group: { members: [deposit()] } }] })],
    ['a reversal within', 'members[0].reverseTransfer', () => ({ members: [{ reverseTransfer: {} }] })],
    ['a wrong id', 'members[0].deposit.id', () => ({ members: [deposit({ id: 'x' })] })],
    ['an id used twice', 'members', () => ({ members: [deposit({ id }), deposit({ id })] })],
    ['no hold', 'members[0].captureHold.hold', () => ({ members: [{ captureHold: { branch: 1 } }] })],
    ['no branch', 'members[0].releaseHold.branch', () => ({ members: [{ releaseHold: { hold: id } }] })],
    ['wrong metadata', 'members[0].deposit.metadata', () => ({ members: [deposit({ metadata: 5 })] })],
    [
      "the bank's own account",
      'members[1].withdraw.from',
      () => {
        const from = internalAccountId({ branch: bank.branch, kind: 'vault', currency: 'USD' });
        return { members: [deposit(), { withdraw: { from, amount: usd('5') } }] };
      },
    ],
  ])('with %s', async (_, field, body) => {
    await expectRefused({ path: '/v1/groups', body: body(), field });
  });

  test('of a member that nobody opened an account for', async () => {
    const to = formatAccountId({ branch: bank.branch, serial: 999_999 });
    await expectRefused({
      path: '/v1/groups',
      body: { members: [deposit(), deposit({ to })] },
      status: 404,
      reason: 'ACCOUNT_NOT_FOUND',
      field: 'members[1].deposit.to',
    });
  });
});

describe('a batch', () => {
  test.each<[name: string, field: string, command: object]>([
    ['a group of nothing', 'commands[0].group.members', { group: { members: [] } }],
    ['a capture of nothing', 'commands[0].captureHold.branch', { captureHold: {} }],
    ['a reversal of nothing', 'commands[0].reverseTransfer.transfer', { reverseTransfer: { branch: 1 } }],
    [
      'an unknown field',
      'commands[0].releaseHold.all',
      { releaseHold: { branch: 1, hold: randomUUID(), all: true } },
    ],
  ])('with %s', async (_, field, command) => {
    await expectRefused({ path: '/v1/batches', body: { commands: [command] }, field });
  });
});

describe('a look-up', () => {
  const ref = (more: object = {}) => ({ branch: 1, id: randomUUID(), ...more });

  test.each<[name: string, field: string, body: object]>([
    ['no transfers', 'transfers', {}],
    ['an empty list', 'transfers', { transfers: [] }],
    ['1,001 of them', 'transfers', { transfers: Array.from({ length: 1_001 }, () => ref()) }],
    ['a wrong id', 'transfers[1].id', { transfers: [ref(), ref({ id: 'x' })] }],
    ['a wrong branch', 'transfers[0].branch', { transfers: [ref({ branch: '1' })] }],
    ['an id alone', 'transfers[0]', { transfers: [randomUUID()] }],
  ])('of transfers with %s', async (_, field, body) => {
    await expectRefused({ path: '/v1/transfers/lookup', body, field });
  });

  const accounts = () => [bank.alice];

  test.each<[name: string, field: string, body: () => object]>([
    ['no accounts', 'accounts', () => ({})],
    ['an empty list', 'accounts', () => ({ accounts: [] })],
    ['1,001 of them', 'accounts', () => ({ accounts: Array.from({ length: 1_001 }, () => bank.alice) })],
    ['a mistyped one', 'accounts[1]', () => ({ accounts: [bank.alice, '1-1-00'] })],
    ['an empty moment', 'at', () => ({ accounts: accounts(), at: {} })],
    [
      'two moments',
      'at',
      () => ({ accounts: accounts(), at: { position: 1, time: '2026-01-01T00:00:00Z' } }),
    ],
    ['a wrong time', 'at.time', () => ({ accounts: accounts(), at: { time: 'now' } })],
    ['a time of another type', 'at.time', () => ({ accounts: accounts(), at: { time: 1_700_000_000 } })],
    ['a wrong position', 'at.position', () => ({ accounts: accounts(), at: { position: '0' } })],
  ])('of balances with %s', async (_, field, body) => {
    await expectRefused({ path: '/v1/balances/lookup', body: body(), field });
  });
});

describe('a verification', () => {
  test.each([
    ['no position', 'seal.position', { hash: '00'.repeat(32) }],
    ['no hash', 'seal.hash', { position: '1' }],
    ['a short hash', 'seal.hash', { position: '1', hash: '00' }],
    ['a hash of other letters', 'seal.hash', { position: '1', hash: 'xy'.repeat(32) }],
    ['a position of 0', 'seal.position', { position: 0, hash: '00'.repeat(32) }],
  ])('with a seal of %s', async (_, field, seal) => {
    await expectRefused({ path: `/v1/branches/${bank.branch}/verification`, body: { seal }, field });
  });
});

describe('an abandonment', () => {
  test.each([
    ['id', '/v1/branches/$branch/writes/nonsense/abandonment'],
    ['branch', `/v1/branches/10000/writes/${randomUUID()}/abandonment`],
  ])('with a wrong %s', async (field, path) => {
    const answer = await api.send('POST', path.replace('$branch', String(bank.branch)));
    expect(answer).toMatchObject({ status: 400, body: { reason: 'INVALID_FIELD', field } });
  });
});
