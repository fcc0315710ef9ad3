import { expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

test("a branch's trial balance balances, per currency, and tells what is held", async () => {
  const branch = await api.newBranch('5000');
  const alice = await api.newAccount(branch, 'alice', '1200');
  const bob = await api.newAccount(branch, 'bob');
  await api.newAccount(branch, 'carol', '70', 'JPY');
  await api.post('/v1/holds', { from: alice, to: bob, amount: usd('300') });
  const { status, body } = await api.get(`/v1/branches/${branch}/trial-balance`);
  expect(status).toBe(200);
  const { position, head } = (await api.get(`/v1/branches/${branch}`)).body;
  expect(body).toMatchObject({ branch, position });
  expect(body['seal'] ?? head).toEqual(head);
  expect(body['lines']).toEqual([
    { currency: 'JPY', postedDebits: '70', postedCredits: '70', heldDebits: '0', heldCredits: '0' },
    { currency: 'USD', postedDebits: '6200', postedCredits: '6200', heldDebits: '300', heldCredits: '300' },
  ]);
});

test("the bank's trial balance sums up all branches", async () => {
  const before = await api.get('/v1/trial-balance');
  expect(before).toMatchObject({ status: 200, body: { interbranchMismatches: 0 } });
  // Other tests move dollars meanwhile, but nobody else has these.
  const branch = await api.newBranch('4200', 'XOF');
  await api.newAccount(branch, 'alice', '800', 'XOF');
  const { body } = await api.get('/v1/trial-balance');
  expect(Number(body['branches'])).toBeGreaterThan(Number(before.body['branches']));
  expect(body['lines']).toContainEqual({
    currency: 'XOF',
    postedDebits: '5000',
    postedCredits: '5000',
    heldDebits: '0',
    heldCredits: '0',
  });
});

test('interbranch positions stand side by side, once per pair and currency, in pages', async () => {
  const branches = [await api.newBranch(), await api.newBranch(), await api.newBranch()].sort(
    (a, b) => a - b,
  );
  const [low = 0, middle = 0, high = 0] = branches;
  const alice = await api.newAccount(low, 'alice', '1000');
  const bob = await api.newAccount(middle, 'bob', '1000');
  const carol = await api.newAccount(high, 'carol');
  await api.post('/v1/transfers', { from: alice, to: bob, amount: usd('40') });
  await api.post('/v1/transfers', { from: bob, to: alice, amount: usd('15') });
  await api.post('/v1/transfers', { from: bob, to: carol, amount: usd('7') });
  const pairs = [
    { branch: low, peerBranch: middle, currency: 'USD', balance: usd('25'), peerBalance: usd('-25') },
    { branch: middle, peerBranch: high, currency: 'USD', balance: usd('7'), peerBalance: usd('-7') },
  ];
  const list = async (query: string) => (await api.get(`/v1/interbranch-positions${query}`)).body;
  expect(await list(`?branch=${middle}`)).toEqual({ items: pairs, nextCursor: null });
  expect((await list(`?branch=${high}`))['items']).toEqual(pairs.slice(1));
  const first = await list(`?branch=${middle}&limit=1`);
  expect(first['items']).toEqual(pairs.slice(0, 1));
  const second = await list(`?branch=${middle}&limit=1&cursor=${String(first['nextCursor'])}`);
  expect(second['items']).toEqual(pairs.slice(1));
  expect((await list('?limit=1000'))['items']).toEqual(expect.arrayContaining(pairs));
});
