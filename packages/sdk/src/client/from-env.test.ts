import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { InvalidArgumentError } from '../errors/failures.js';
import { Bank } from './bank.js';
import { bankOptionsFromEnv } from './from-env.js';

async function fileWith(content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'giro-env-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'file');
  await writeFile(path, content);
  return path;
}

describe('options from the environment', () => {
  test('are those that are set', async () => {
    const ca = await fileWith('-----BEGIN CERTIFICATE-----\n');
    const env = {
      GIRO_SERVERS: 'dns:///bank:5001',
      GIRO_TLS: '',
      GIRO_TLS_CA_FILE: ca,
      GIRO_TLS_SERVER_NAME: 'bank.example',
      GIRO_TOKEN: 'abc',
      GIRO_TIMEOUT_MS: '2500',
    };
    expect(bankOptionsFromEnv(env)).toMatchObject({
      servers: 'dns:///bank:5001',
      tls: { caFile: ca, serverName: 'bank.example' },
      token: 'abc',
      timeoutMs: 2_500,
    });
    expect(bankOptionsFromEnv({ GIRO_SERVERS: 'a:1', GIRO_TLS: 'true' }).tls).toBe(true);
    expect(bankOptionsFromEnv({ GIRO_SERVERS: 'a:1' })).toEqual({ servers: 'a:1' });
  });

  test('read a token from its file each time, so that it may be replaced', async () => {
    const path = await fileWith('first\n');
    const { token } = bankOptionsFromEnv({ GIRO_SERVERS: 'a:1', GIRO_TOKEN_FILE: path });
    const ask = token as () => Promise<string>;
    await expect(ask()).resolves.toBe('first');
    await writeFile(path, 'second\n');
    await expect(ask()).resolves.toBe('second');
  });

  test.for<[Record<string, string>, string]>([
    [{ GIRO_SERVERS: '' }, 'GIRO_SERVERS'],
    [{ GIRO_TLS: 'yes' }, 'GIRO_TLS'],
    [{ GIRO_TLS: 'false', GIRO_TLS_SERVER_NAME: 'bank' }, 'GIRO_TLS'],
    [{ GIRO_TLS_CA_FILE: '/nowhere/ca.pem' }, 'GIRO_TLS_CA_FILE'],
    [{ GIRO_TOKEN: 'a', GIRO_TOKEN_FILE: '/b' }, 'GIRO_TOKEN'],
    [{ GIRO_TIMEOUT_MS: '5s' }, 'GIRO_TIMEOUT_MS'],
    [{ GIRO_TIMEOUT_MS: '0' }, 'GIRO_TIMEOUT_MS'],
    [{ GIRO_TOKEN: 'a b' }, 'GIRO_TOKEN'],
    [{ GIRO_SERVERS: 'no address' }, 'GIRO_SERVERS'],
    [{ GIRO_ALLOW_TOKEN_OVER_PLAINTEXT: '1' }, 'GIRO_ALLOW_TOKEN_OVER_PLAINTEXT'],
  ])('%o is refused', ([env, field]) => {
    const make = () => Bank.fromEnv({}, { GIRO_SERVERS: 'a:1', ...env });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(expect.objectContaining({ field }));
  });

  test('are not read where an option stands for them', async () => {
    const env = { GIRO_SERVERS: 'a:1', GIRO_TLS_CA_FILE: '/nowhere/ca.pem', GIRO_TOKEN: 'a b' };
    expect(() => Bank.fromEnv({ token: 'abc' }, env)).toThrow('GIRO_TLS_CA_FILE');
    await using bank = Bank.fromEnv({ tls: true, token: 'abc' }, env);
    expect(bank).toBeInstanceOf(Bank);
  });

  test('give way to options in the program', async () => {
    const env = { GIRO_SERVERS: 'no address', GIRO_TIMEOUT_MS: '0' };
    expect(() => Bank.fromEnv({ servers: 'a:1' }, env)).toThrow('GIRO_TIMEOUT_MS');
    expect(() => Bank.fromEnv({ timeoutMs: 5 }, env)).toThrow('no address');
    await using bank = Bank.fromEnv({ servers: 'a:1', timeoutMs: 5 }, env);
    expect(bank).toBeInstanceOf(Bank);
  });
});
