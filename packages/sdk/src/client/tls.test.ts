import { ServerCredentials } from '@grpc/grpc-js';
import { beforeAll, describe, expect, test } from 'vitest';
import { InvalidArgumentError, UnavailableError } from '../errors/failures.js';
import { Bank } from './bank.js';
import { selfSigned } from './certificates.fixture.js';
import type { BankOptions } from './options.js';
import { startScriptedServer, type ScriptedServer } from './scripted-server.fixture.js';
import { wireAccount } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';
let cert: string;
let key: string;
let strangers: Awaited<ReturnType<typeof selfSigned>>;
beforeAll(async () => {
  ({ cert, key } = await selfSigned());
  strangers = await selfSigned();
});

const pair = () => [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }];
const secure = () => ServerCredentials.createSsl(null, pair());
const mutual = () => ServerCredentials.createSsl(Buffer.from(cert), pair(), true);
const start = (credentials?: ServerCredentials): Promise<ScriptedServer> =>
  startScriptedServer(
    { getAccount: () => ({ account: wireAccount({ id: ACCOUNT }) }) },
    0,
    credentials && { credentials },
  );

async function outcomeOf(options: Omit<BankOptions, 'timeoutMs'>): Promise<string> {
  await using bank = new Bank({ ...options, timeoutMs: 4_000 });
  try {
    return (await bank.accounts.get(ACCOUNT)).id;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return error.message;
  }
}

describe('over TLS', () => {
  test('a bank is reached by a certificate that its authority vouches for', async () => {
    await using server = await start(secure());
    const local = `localhost:${server.port}`;
    await expect(outcomeOf({ servers: local, tls: { ca: cert } })).resolves.toBe(ACCOUNT);
    await expect(outcomeOf({ servers: `grpcs://${local}`, tls: { ca: cert } })).resolves.toBe(ACCOUNT);
    // By a name whose addresses the certificate does not know.
    await expect(outcomeOf({ servers: `grpcs://dns:///${local}`, tls: { ca: cert } })).resolves.toBe(ACCOUNT);
  });

  test('a server that asks for one gets a certificate of the client', async () => {
    await using server = await start(mutual());
    const servers = `localhost:${server.port}`;
    await expect(outcomeOf({ servers, tls: { ca: cert, cert, key } })).resolves.toBe(ACCOUNT);
    await expect(outcomeOf({ servers, tls: { ca: cert } })).resolves.toContain('`tls.cert` and `tls.key`');
    await expect(outcomeOf({ servers, tls: { ca: cert, ...strangers } })).resolves.toMatch(/UNAVAILABLE/);
  });

  test('a key of another certificate is refused before anything is sent', () => {
    const make = () => new Bank({ servers: 'localhost:1', tls: { cert, key: strangers.key } });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(/tls: cannot be used as it is: .*key values mismatch/);
  });

  test('what does not fit is told, and what to do about it', async () => {
    await using server = await start(secure());
    await using plain = await start();
    const local = `localhost:${server.port}`;
    await expect(outcomeOf({ servers: local })).resolves.toContain('set `tls` or write grpcs://');
    await expect(outcomeOf({ servers: local, tls: true })).resolves.toContain(
      'give the authority as `tls.ca`',
    );
    await expect(outcomeOf({ servers: server.address, tls: { ca: cert } })).resolves.toContain(
      '`tls.serverName`',
    );
    await expect(outcomeOf({ servers: plain.address, tls: { ca: cert } })).resolves.toContain(
      'leave `tls` out',
    );
    const named = { ca: cert, serverName: 'localhost' };
    await expect(outcomeOf({ servers: server.address, tls: named })).resolves.toBe(ACCOUNT);
  });
});
