import { expect, test } from 'vitest';
import { useBadRequests } from '../test-support/bad-requests.js';
import { useApi } from '../test-support/test-api.js';
import { BODY_BYTES_MAX } from './limits.js';
import { routes } from './routes/routes.js';

const api = useApi();
const bank = useBadRequests(api);

const SEED_PATHS = ['/initialize_branch', '/transaction'];

/** Every route that takes a body, its path filled in with what is there. */
function bodied() {
  const ids: Record<string, string> = {
    branch: String(bank.branch),
    account: bank.alice,
    hold: bank.hold,
    id: bank.hold,
  };
  return routes
    .filter(({ path, request }) => request.body !== undefined && !SEED_PATHS.includes(path))
    .map(({ method, path, bodyOptional = false }) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ''),
      bodyOptional,
    }));
}

async function send(method: string, path: string, text: string) {
  return api.send(method, path, { body: text, headers: { 'Content-Type': 'application/json' } });
}

test.each([
  ['broken', '{"to": '],
  ['a string', '"text"'],
  ['a number', '5'],
  ['null', 'null'],
  ['an array', '[]'],
  ['ten thousand arrays deep', '['.repeat(10_000)],
  ['deep and whole', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
])('a body that is %s', async (_, text) => {
  const before = await bank.books();
  expect(bodied().length).toBeGreaterThan(20);
  for (const { method, path } of bodied()) {
    const { status, body } = await send(method, path, text);
    expect(status, path).toBe(400);
    expect(body, path).toMatchObject({ reason: 'INVALID_FIELD', field: 'body' });
  }
  for (const path of SEED_PATHS) {
    const { status, body } = await send('POST', path, text);
    expect(status).toBe(400);
    expect(body['error']).toMatch(/^body: /);
  }
  expect(await bank.books()).toEqual(before);
});

test('a field that is not known', async () => {
  const before = await bank.books();
  for (const { method, path, bodyOptional } of bodied()) {
    const { status, body } = await send(method, path, '{"colour": "blue"}');
    expect(status, path).toBe(400);
    expect(body['reason'], path).toBe('INVALID_FIELD');
    // Where something else is missing, that is told first.
    if (bodyOptional) expect(body['field'], path).toBe('colour');
  }
  expect(await bank.books()).toEqual(before);
});

test('no body at all, where there has to be one', async () => {
  for (const { method, path, bodyOptional } of bodied()) {
    if (bodyOptional) continue;
    const { status, body } = await send(method, path, '');
    expect(status, path).toBe(400);
    expect(body, path).toMatchObject({ reason: 'INVALID_FIELD', field: 'body' });
  }
  await bank.expectRefused({ path: '/v1/deposits', body: '{}', field: 'to' });
});

test('a body of 10 MB', async () => {
  const before = await bank.books();
  const text = JSON.stringify({ padding: 'x'.repeat(10_000_000) });
  for (const { method, path } of bodied()) {
    const { status, body } = await send(method, path, text);
    expect(status, path).toBe(413);
    expect(body['reason'], path).toBe('PAYLOAD_TOO_LARGE');
    expect(body['detail'], path).toContain(String(BODY_BYTES_MAX));
  }
  for (const path of SEED_PATHS) {
    const { status, body } = await send('POST', path, text);
    expect(status).toBe(413);
    expect(body['error']).toContain(String(BODY_BYTES_MAX));
  }
  expect(await bank.books()).toEqual(before);
});
