import { describe, expect, onTestFinished, test } from 'vitest';
import { eventsIn, take } from '../../test-support/event-reader.js';
import type { ReadEvent } from '../../test-support/event-reader.js';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

const usd = (amount: string) => ({ amount, currency: 'USD' });

/** Opens the stream of a branch; it is hung up on at the end of the test. */
async function open(branch: number, query = '', headers: Record<string, string> = {}) {
  const hangUp = new AbortController();
  onTestFinished(() => hangUp.abort());
  const response = await fetch(`${api.origin()}/v1/branches/${branch}/journal/stream${query}`, {
    headers,
    signal: hangUp.signal,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return eventsIn(response);
}

const entries = async (branch: number) =>
  (await api.get(`/v1/branches/${branch}/journal`)).body['items'] as { position: string; kind: string }[];

const positions = (events: readonly ReadEvent[]) => events.map(({ id }) => id);

test('tells what there is and then what is committed, each entry once and in order', async () => {
  const branch = await api.newBranch();
  const alice = await api.newAccount(branch, 'alice', '5');
  const before = await entries(branch);
  const events = await open(branch);
  const first = await take(events, before.length);
  await api.post('/v1/deposits', { to: alice, amount: usd('7') });
  await api.post('/v1/withdrawals', { from: alice, amount: usd('100') });
  const second = await take(events, 2);

  const all = await entries(branch);
  const told = [...first, ...second];
  expect(positions(told)).toEqual(all.map(({ position }) => position));
  expect(told.map(({ event }) => event)).toEqual(all.map(({ kind }) => kind));
  for (const [index, { data }] of told.entries()) {
    // A seal is told where it is known, which differs.
    const { seal: _, ...entry } = data;
    expect(all[index]).toMatchObject(entry);
  }
  expect(second.map(({ event }) => event)).toEqual(['posting', 'refusal']);
});

test('goes on after the last entry seen, which Last-Event-ID or `after` tells', async () => {
  const branch = await api.newBranch();
  await api.newAccount(branch, 'alice', '5');
  const all = (await entries(branch)).map(({ position }) => position);
  const firstOf = async (query: string, headers?: Record<string, string>) => {
    const [event] = await take(await open(branch, query, headers), 1);
    return event?.id;
  };
  expect(await firstOf('?after=0')).toBe(all[0]);
  expect(await firstOf('?after=1')).toBe(all[1]);
  expect(await firstOf('', { 'Last-Event-ID': '2' })).toBe(all[2]);
  expect(await firstOf('?after=0', { 'Last-Event-ID': '2' })).toBe(all[2]);
});

test('waits at the end of the journal for what comes next', async () => {
  const branch = await api.newBranch();
  const { position } = (await api.get(`/v1/branches/${branch}`)).body;
  const events = await open(branch, `?after=${String(position)}`);
  await api.newAccount(branch, 'alice');
  const [event] = await take(events, 1);
  expect(event).toMatchObject({ id: String(Number(position) + 1), event: 'account-opened' });
});

describe('a seal', () => {
  test('that the journal has is where to go on', async () => {
    const branch = await api.newBranch();
    const { head } = (await api.get(`/v1/branches/${branch}`)).body as {
      head: { position: string; hash: string };
    };
    const query = `?after=${head.position}&sealPosition=${head.position}&sealHash=${head.hash}`;
    const events = await open(branch, query);
    await api.newAccount(branch, 'alice');
    expect(await take(events, 1)).toMatchObject([{ event: 'account-opened' }]);
  });

  test('that it does not have ends the stream with a problem', async () => {
    const branch = await api.newBranch();
    const query = `?after=1&sealPosition=1&sealHash=${'5e'.repeat(32)}`;
    const events = await open(branch, query, { 'X-Request-Id': 'trace-7' });
    const told = await take(events, 1);
    expect(told).toMatchObject([
      {
        event: 'problem',
        data: { reason: 'JOURNAL_DIVERGED', status: 409, branch: String(branch), requestId: 'trace-7' },
      },
    ]);
    expect(told[0]?.id).toBeUndefined();
    expect(await events.next()).toMatchObject({ done: true });
  });

  test('that was seen before the last event is not looked at', async () => {
    const branch = await api.newBranch();
    await api.newAccount(branch, 'alice');
    const query = `?after=1&sealPosition=1&sealHash=${'5e'.repeat(32)}`;
    expect(await take(await open(branch, query, { 'Last-Event-ID': '1' }), 1)).toMatchObject([{ id: '2' }]);
  });
});

describe('what cannot be watched is refused before the stream begins', () => {
  test.each([
    ['a branch that nobody opened', '/v1/branches/10/journal/stream', {}, 404, 'BRANCH_NOT_FOUND', 'branch'],
    ['a position beyond the end', '$stream?after=999', {}, 404, 'POSITION_NOT_FOUND', 'after'],
    ['a wrong position', '$stream?after=-1', {}, 400, 'INVALID_FIELD', 'after'],
    ['a wrong Last-Event-ID', '$stream', { 'Last-Event-ID': 'x' }, 400, 'INVALID_FIELD', 'Last-Event-ID'],
    ['an unknown parameter', '$stream?limit=5', {}, 400, 'INVALID_FIELD', 'limit'],
    ['half a seal', '$stream?sealPosition=1', {}, 400, 'INVALID_FIELD', 'sealHash'],
    ['the other half', `$stream?sealHash=${'0'.repeat(64)}`, {}, 400, 'INVALID_FIELD', 'sealPosition'],
    ['a short hash', '$stream?sealPosition=1&sealHash=00', {}, 400, 'INVALID_FIELD', 'sealHash'],
  ])('%s', async (_, template, headers: Record<string, string>, status, reason, field) => {
    const branch = await api.newBranch();
    const answer = await api.get(
      template.replace('$stream', `/v1/branches/${branch}/journal/stream`),
      headers,
    );
    expect(answer).toMatchObject({ status, body: { reason, field } });
  });
});

test('HEAD tells the headers, and ends', async () => {
  const branch = await api.newBranch();
  const { status, headers, body } = await api.send('HEAD', `/v1/branches/${branch}/journal/stream`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(body).toEqual({});
});
