import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { useApi } from '../../test-support/test-api.js';

const api = useApi();

/** Names the field that it gets to first, so that the answer tells whether the body was understood. */
const BODY = '{"to": "né", "amount": 1}';

describe('a body is read alike, however it is sent:', () => {
  test.each<[string, Record<string, string>, string | Uint8Array | ReadableStream]>([
    ['plain', {}, BODY],
    ['with a charset', { 'Content-Type': 'application/json; charset=utf-8' }, BODY],
    [
      'in another charset',
      { 'Content-Type': 'application/json; charset=utf-16le' },
      Buffer.from(BODY, 'utf16le'),
    ],
    ['with a byte order mark', {}, `\uFEFF${BODY}`],
    ['with one, by the parser', { 'Content-Type': 'application/vnd.giro+json' }, `\uFEFF${BODY}`],
    ['compressed', { 'Content-Encoding': 'gzip' }, gzipSync(BODY)],
    ['without its length', {}, new Blob([BODY]).stream()],
  ])('%s', async (_, headers, body) => {
    const type = { 'Content-Type': 'application/json' };
    const init: RequestInit = { headers: { ...type, ...headers }, body, duplex: 'half' };
    expect(await api.send('POST', '/v1/deposits', init)).toMatchObject({
      status: 400,
      body: { field: 'to' },
    });
  });

  test.each(['application/json', 'application/vnd.giro+json'])('broken, as %s', async (type) => {
    const init = { headers: { 'Content-Type': type }, body: '{"to": ' };
    const { status, body } = await api.send('POST', '/v1/deposits', init);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      field: 'body',
      detail: expect.stringContaining('body: is not valid JSON: Unexpected end of JSON input') as string,
    });
  });
});

test('a body in pieces is put together, in the middle of a character, too', async () => {
  const bytes = Buffer.from(BODY);
  const cut = bytes.indexOf(0xc3) + 1;
  const { port } = new URL(api.origin());
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST /v1/deposits HTTP/1.1\r\nHost: bank\r\nConnection: close\r\nContent-Type: application/json\r\n`,
  );
  socket.write(`Content-Length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes.subarray(0, cut));
  setTimeout(() => socket.write(bytes.subarray(cut)), 50);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*"field":"to"/);
});
