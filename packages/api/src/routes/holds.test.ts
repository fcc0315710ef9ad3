import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

let alice: string;
let bob: string;

beforeEach(async () => {
  const [here, there] = [await api.newBranch(), await api.newBranch()];
  alice = await api.newAccount(here, 'alice', '1000');
  bob = await api.newAccount(there, 'bob');
});

/** Places a hold of alice's for bob and returns where it is. */
async function place(amount = '300', more: object = {}): Promise<string> {
  const { status, headers } = await api.post('/v1/holds', {
    from: alice,
    to: bob,
    amount: usd(amount),
    ...more,
  });
  expect(status).toBe(201);
  return headers.get('location') ?? '';
}

const account = async (id: string) => (await api.get(`/v1/accounts/${id}`)).body;

test('a hold reserves, and is found where Location says', async () => {
  const key = randomUUID();
  const body = { from: alice, to: bob, amount: usd('300'), expiresInMs: 60_000, metadata: { table: '7' } };
  const placed = await api.post('/v1/holds', body, { 'Idempotency-Key': key });
  expect(placed.status).toBe(201);
  expect(placed.body).toMatchObject({
    id: key,
    state: 'held',
    from: alice,
    to: bob,
    amount: usd('300'),
    metadata: { table: '7' },
    receipt: { id: key, replayed: false },
  });
  const lifeMs = Date.parse(String(placed.body['expiresTime'])) - Date.parse(String(placed.body['time']));
  expect(lifeMs).toBe(60_000);
  const location = placed.headers.get('location') ?? '';
  expect(location).toBe(`/v1/branches/${alice.split('-')[0]}/holds/${key}`);
  const { receipt: _receipt, seal: _seal, ...hold } = placed.body;
  expect(await api.get(location)).toMatchObject({ status: 200, body: hold });

  expect(await account(alice)).toMatchObject({
    balance: usd('1000'),
    available: usd('700'),
    heldDebits: '300',
  });
  const replay = await api.post('/v1/holds', body, { 'Idempotency-Key': key });
  expect(replay).toMatchObject({ status: 201, body: { ...hold, receipt: { replayed: true } } });
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
});

test('a capture moves all of it, or a part and gives back the rest', async () => {
  const whole = await api.send('POST', `${await place('300')}/capture`);
  expect(whole).toMatchObject({ status: 201, body: { balance: usd('700') } });
  const location = await place('300');
  const part = await api.post(`${location}/capture`, { amount: 120, description: 'less the starter' });
  expect(part).toMatchObject({ status: 201, body: { balance: usd('580') } });

  expect((await api.get(location)).body).toMatchObject({
    state: 'captured',
    captured: usd('120'),
    resolvedBy: part.body['id'],
  });
  expect((await api.get(part.headers.get('location') ?? '')).body).toMatchObject({
    kind: 'capture',
    amount: usd('120'),
    holdId: location.split('/').at(-1),
    description: 'less the starter',
  });
  expect(await account(alice)).toMatchObject({ balance: usd('580'), available: usd('580'), heldDebits: '0' });
  expect(await account(bob)).toMatchObject({ balance: usd('420') });
});

test('a release gives it back', async () => {
  const location = await place();
  const released = await api.send('POST', `${location}/release`);
  expect(released).toMatchObject({ status: 200, body: { replayed: false } });
  expect(released.body).not.toHaveProperty('balance');
  expect((await api.get(location)).body).toMatchObject({
    state: 'released',
    resolvedBy: released.body['id'],
  });
  expect(await account(alice)).toMatchObject({ available: usd('1000') });
});

test('a hold is resolved once, and by no more than it reserves', async () => {
  const captured = await place();
  const { body } = await api.send('POST', `${captured}/capture`);
  for (const name of ['capture', 'release']) {
    expect(await api.send('POST', `${captured}/${name}`)).toMatchObject({
      status: 422,
      body: { reason: 'HOLD_CAPTURED', field: 'hold', by: body['id'] },
    });
  }
  const released = await place();
  await api.send('POST', `${released}/release`);
  expect(await api.send('POST', `${released}/capture`)).toMatchObject({
    status: 422,
    body: { reason: 'HOLD_RELEASED', field: 'hold' },
  });
  expect(await api.post(`${await place('300')}/capture`, { amount: '301' })).toMatchObject({
    status: 422,
    body: { reason: 'CAPTURE_EXCEEDS_HOLD', field: 'amount', held: '300', needed: '301', currency: 'USD' },
  });
});

test('an expired hold frees what it reserved', async () => {
  const location = await place('300', { expiresInMs: 1 });
  await expect.poll(async () => (await api.get(location)).body['state']).toBe('expired');
  expect(await account(alice)).toMatchObject({ available: usd('1000') });
  expect(await api.send('POST', `${location}/capture`)).toMatchObject({
    status: 422,
    body: { reason: 'HOLD_EXPIRED', field: 'hold' },
  });
});

test('the holds of an account come in pages, resolved ones on request', async () => {
  const places = [await place('1'), await place('2'), await place('3')];
  const ids = places.map((location) => location.split('/').at(-1));
  await api.send('POST', `${String(places[1])}/release`);
  const list = async (query: string, of = alice) => {
    const { status, body } = await api.get(`/v1/accounts/${of}/holds${query}`);
    expect(status).toBe(200);
    return body as unknown as { items: { id: string }[]; nextCursor: string | null };
  };
  const idsIn = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
  expect(idsIn(await list(''))).toEqual([ids[0], ids[2]]);
  expect(idsIn(await list('', bob))).toEqual([ids[0], ids[2]]);
  expect(idsIn(await list('?includeResolved=true'))).toEqual(ids);
  const first = await list('?includeResolved=true&limit=2');
  const second = await list(`?includeResolved=true&limit=2&cursor=${String(first.nextCursor)}`);
  expect([...idsIn(first), ...idsIn(second)]).toEqual(ids);
  expect(second.nextCursor).toBeNull();
});

test('a hold that never was is not found', async () => {
  const path = `/v1/branches/${String(alice.split('-')[0])}/holds/${randomUUID()}`;
  const answers = [
    await api.get(path),
    await api.send('POST', `${path}/capture`),
    await api.send('POST', `${path}/release`),
  ];
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 404, body: { reason: 'HOLD_NOT_FOUND', field: 'hold' } });
  }
});
