import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';
import { BODY_BYTES_MAX } from '../limits.js';

const api = useApi();

const JSON_TYPE = { 'Content-Type': 'application/json' };

test('a path that nothing serves is 404', async () => {
  for (const path of ['/', '/v1', '/v1/nothing', '/v1/branches/1/nothing', '/V2/branches']) {
    const { status, body } = await api.get(path);
    expect(status).toBe(404);
    expect(body).toMatchObject({
      reason: 'NOT_FOUND',
      status: 404,
      detail: expect.stringContaining(path) as string,
    });
  }
});

test('a path that is no UTF-8 is 400', async () => {
  const { status, body } = await api.get('/v1/accounts/%E0%A4%A');
  expect(status).toBe(400);
  expect(body).toMatchObject({ reason: 'INVALID_FIELD', field: 'path' });
});

describe('another method', () => {
  test.each([
    ['DELETE', '/v1/branches', 'POST, GET, HEAD, OPTIONS'],
    ['PUT', '/v1/deposits', 'POST, OPTIONS'],
    ['POST', '/v1/accounts/17-1042-02', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/healthz', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405 and tells which are allowed', async (method, path, allow) => {
    const { status, headers, body } = await api.send(method, path);
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    expect(body).toMatchObject({ reason: 'NOT_FOUND', status: 405 });
  });

  test("is told in the seed's own way on its paths", async () => {
    const { status, headers, body } = await api.send('GET', '/transaction');
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST, OPTIONS');
    expect(body).toEqual({ error: '/transaction takes POST, OPTIONS, not GET' });
  });

  test('OPTIONS tells which are allowed', async () => {
    const { status, headers } = await api.send('OPTIONS', '/v1/branches');
    expect(status).toBe(204);
    expect(headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  });

  test('HEAD is GET without the body', async () => {
    const { status, headers, body } = await api.send('HEAD', '/v1/branches');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({});
  });
});

describe('another content type', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/jsonp'])(
    '%s is 415',
    async (type) => {
      const init = { body: '{"branch_id": 1, "initial_balance": 5}', headers: { 'Content-Type': type } };
      const { status, body } = await api.send('POST', '/v1/branches', init);
      expect(status).toBe(415);
      expect(body).toMatchObject({ reason: 'INVALID_FIELD', field: 'Content-Type', status: 415 });
      const seed = await api.send('POST', '/initialize_branch', init);
      expect(seed.status).toBe(415);
      expect(seed.body).toEqual({ error: 'Content-Type: must be application/json' });
    },
  );

  test('an unknown charset or encoding is 415', async () => {
    const charset = { 'Content-Type': 'application/json; charset=klingon' };
    const first = await api.send('POST', '/v1/deposits', { body: '{}', headers: charset });
    expect(first).toMatchObject({ status: 415, body: { field: 'Content-Type' } });
    const encoding = { ...JSON_TYPE, 'Content-Encoding': 'klingon' };
    const second = await api.send('POST', '/v1/deposits', { body: '{}', headers: encoding });
    expect(second).toMatchObject({ status: 415, body: { field: 'Content-Encoding' } });
  });

  test('a kind of JSON, and a charset, are welcome', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/vnd.giro+json']) {
      const init = { body: '{}', headers: { 'Content-Type': type } };
      expect((await api.send('POST', '/v1/deposits', init)).body['field']).toBe('to');
    }
  });

  test('no body at all is 400', async () => {
    const { status, body } = await api.send('POST', '/v1/deposits');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      field: 'body',
      detail: expect.stringContaining('body: is missing') as string,
    });
  });
});

test('a body that inflates beyond the limit is 413', async () => {
  const bomb = gzipSync(`"${'x'.repeat(BODY_BYTES_MAX)}"`);
  expect(bomb.length).toBeLessThan(BODY_BYTES_MAX / 100);
  const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
  const { status, body } = await api.send('POST', '/v1/deposits', { body: bomb, headers });
  expect(status).toBe(413);
  expect(body['reason']).toBe('PAYLOAD_TOO_LARGE');
});

test('every answer carries protective headers', async () => {
  for (const path of ['/healthz', '/v1/nothing']) {
    const { headers } = await api.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
  }
});

describe("the request's id", () => {
  test('is the one that came, if it is well-formed', async () => {
    const { headers, body } = await api.get('/v1/nothing', { 'X-Request-Id': 'trace-1:2/3' });
    expect(headers.get('x-request-id')).toBe('trace-1:2/3');
    expect(body['requestId']).toBe('trace-1:2/3');
  });

  test.each(['', 'two words', '"quoted"', 'x'.repeat(129)])('is a new one instead of %j', async (given) => {
    const { headers, body } = await api.get('/v1/nothing', { 'X-Request-Id': given });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body['requestId']).toBe(headers.get('x-request-id'));
  });
});
