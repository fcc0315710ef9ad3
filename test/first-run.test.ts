import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Bank, internalAccountId, toDecimal } from '@giro/sdk';
import { removeEmbeddedPostgres } from '@giro/server/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts, launchBank, LaunchError } from './support/launched-bank.js';
import { makeSeedCalls, queryBalance } from './support/seed-calls.js';

describe('npm start', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'giro-first-run-'));
  });

  afterAll(async () => {
    await removeEmbeddedPostgres(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  it("answers the seed README's four calls, and keeps the money over Ctrl-C and over a crash", async () => {
    const bank = await launchBank(dataDir);
    expect(bank.output()).toContain(bank.apiUrl);
    expect(bank.output()).toContain(dataDir);
    await makeSeedCalls(bank.apiUrl);
    expect(await vaultOf(bank.servers)).toBe('10.50');
    expect(await bank.interrupt()).toBe(0);
    expect(bank.output()).toContain('Stopped.');

    const again = await launchBank(dataDir);
    expect(await queryBalance(again.apiUrl)).toEqual({ balance: 50 });
    await again.kill();

    const afterCrash = await launchBank(dataDir);
    expect(await queryBalance(afterCrash.apiUrl)).toEqual({ balance: 50 });
    expect(await vaultOf(afterCrash.servers)).toBe('10.50');
    expect(await afterCrash.interrupt()).toBe(0);
  });

  it('says in one sentence that a port is busy, and starts nothing', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const error = await failedLaunch(join(dataDir, 'unused'), [port, ...(await freePorts(1))]);
    busy.close();
    expect(error.code).toBe(1);
    expect(error.output).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is in use; .*\\.\n$`));
  });

  it('says in one sentence that the data directory cannot be used', async () => {
    const file = join(dataDir, 'a-file');
    await writeFile(file, '');
    const error = await failedLaunch(join(file, 'books'));
    expect(error.code).toBe(1);
    expect(error.output).toContain(file);
    expect(error.output).toMatch(/^.+\n$/);
  });
});

async function failedLaunch(dataDir: string, ports?: readonly number[]): Promise<LaunchError> {
  const failure: unknown = await launchBank(dataDir, ports).catch((error: unknown) => error);
  if (failure instanceof LaunchError) return failure;
  throw new Error('the launch should have failed', { cause: failure });
}

async function vaultOf(servers: readonly string[]): Promise<string> {
  await using bank = new Bank({ servers });
  const vault = internalAccountId({ branch: 1, kind: 'vault', currency: 'USD' });
  return toDecimal((await bank.accounts.get(vault)).balance);
}
