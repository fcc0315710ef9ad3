import { Bank, money, UnauthenticatedError } from '@giro/sdk';
import { startApi } from '@giro/api';
import { startServer, type GiroServer } from '@giro/server';
import pino from 'pino';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase } from '../packages/server/test-support/database.js';

const TOKEN = 'the-token-of-the-tests';
let server: GiroServer;
let cert: string;
let servers: string;
let known: readonly string[] = [TOKEN];
const lines: string[] = [];

beforeAll(async () => {
  const extensions = [
    { name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: 'localhost' }] },
  ];
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', extensions });
  cert = pems.cert;
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  const tls = { cert, key: pems.private };
  server = await startServer({ databaseUrl: await emptyDatabase(), log, port: 0, tls, tokens: () => known });
  servers = `grpcs://localhost:${server.port}`;
});
afterAll(() => server.close());

test('over TLS, a bank that wants a token takes the right one, and no other', async () => {
  await using bank = new Bank({ servers, tls: { ca: cert }, token: TOKEN });
  await bank.branches.initialize({ id: 1, initialBalance: money('10.00', 'USD') });
  await using stranger = new Bank({ servers, tls: { ca: cert }, token: 'no-such-token-here' });
  await using nobody = new Bank({ servers, tls: { ca: cert } });
  for (const each of [stranger, nobody]) {
    await expect(each.branches.get(1)).rejects.toBeInstanceOf(UnauthenticatedError);
    const watching = each.journal.watch({ branch: 1 })[Symbol.asyncIterator]();
    await expect(watching.next()).rejects.toBeInstanceOf(UnauthenticatedError);
    await expect(each.seed.deposit({ customerId: 1, amount: 5 })).rejects.toBeInstanceOf(
      UnauthenticatedError,
    );
    // So that a probe needs no secret.
    await expect(each.health()).resolves.toMatchObject({ serving: true });
  }
  await expect(bank.branches.get(1)).resolves.toMatchObject({ id: 1 });
  expect(lines.join('')).toContain('"reason":"UNAUTHENTICATED"');
  expect(lines.join('')).not.toContain('token-');
});

test('a token is exchanged while everything runs', async () => {
  const tokens = [TOKEN];
  await using bank = new Bank({ servers, tls: { ca: cert }, token: () => tokens.at(-1) ?? '' });
  await bank.ready();
  await bank.branches.list();
  tokens.push('the-token-after-that');
  known = [TOKEN, 'the-token-after-that'];
  await bank.branches.list();
  known = ['the-token-after-that'];
  await bank.branches.get(1).catch((error: unknown) => {
    expect(error).toBeInstanceOf(UnauthenticatedError);
  });
  await expect(bank.branches.list()).resolves.toMatchObject({ items: [{ id: 1 }] });
  known = [TOKEN];
});

test('certificates and keys that do not fit end the start, and nobody looks for it in the port', async () => {
  const names = [{ name: 'commonName', value: 'other' }];
  const other = await generate(names, { keyType: 'ec', algorithm: 'sha256' });
  const options = { databaseUrl: await emptyDatabase(), log: pino({ level: 'silent' }), port: 0 };
  for (const [tls, problem] of [
    [{ cert, key: other.private }, /^the TLS certificate and key cannot be used: .*key values mismatch/],
    [
      { cert: other.cert, key: other.private, clientCa: 'none' },
      /^the clients' authorities cannot be used: /,
    ],
  ] as const)
    await expect(startServer({ ...options, tls })).rejects.toThrow(problem);
});

test('the REST API reaches it by the same options', async () => {
  const api = await startApi({ servers, bankOptions: { tls: { ca: cert }, token: TOKEN }, port: 0 });
  const answer = await fetch(`http://127.0.0.1:${api.port}/v1/branches/1`);
  expect([answer.status, await answer.json()]).toMatchObject([200, { id: 1 }]);
  await api.close();
});

test('an API that the bank does not let in has a fault of its own, which its log names', async () => {
  const logged: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => logged.push(line) });
  const bankOptions = { tls: { ca: cert }, token: 'no-such-token-here' };
  const api = await startApi({ servers, bankOptions, port: 0, logger });
  const answer = await fetch(`http://127.0.0.1:${api.port}/v1/branches/1`);
  expect([answer.status, await answer.json()]).toMatchObject([500, { reason: 'INTERNAL' }]);
  await api.close();
  expect(logged.join('')).toContain('UNAUTHENTICATED');
});
