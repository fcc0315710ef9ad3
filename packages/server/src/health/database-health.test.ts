/** What a bank does while its database cannot be used as it should, and that it recovers by itself. */
import { execFileSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newWriteId } from '@giro/sdk/protocol';
import { expect, inject, onTestFinished, test } from 'vitest';
import { emptyDatabase, query } from '../../test-support/database.js';
import { initialize, open, refusal, startTestBank, usd, type TestBank } from '../grpc/bank.fixture.js';
import { healthStatus } from '../grpc/health.fixture.js';

/** Recovery is looked for every second or so. */
const SOON = { timeout: 15_000, interval: 100 };

test('a read-only database: writes are refused, reads go on, it is not ready, and recovers by itself', async () => {
  const databaseUrl = await emptyDatabase();
  const { bank, deposit } = await bankWithAccount(databaseUrl);
  const name = new URL(databaseUrl).pathname.slice(1);
  await query(databaseUrl, `alter database ${name} set default_transaction_read_only = on`);
  await endSessions(databaseUrl);

  await expect.poll(() => healthStatus(bank.address), SOON).toBe('NOT_SERVING');
  expect(await healthStatus(bank.address, 'live')).toBe('SERVING');
  expect(await statusOf(bank, '/readyz')).toBe(503);
  expect(await statusOf(bank, '/livez')).toBe(200);
  expect(await refusal(deposit())).toMatchObject({
    code: 'UNAVAILABLE',
    details: expect.stringContaining('the database takes no writes: it is read-only') as string,
  });
  expect((await bank.getBranch({ branch: 1 })).branch?.id).toBe(1);

  await query(inject('postgresUrl'), `alter database ${name} reset all`);
  await endSessions(databaseUrl);
  await expect.poll(() => healthStatus(bank.address), SOON).toBe('SERVING');
  await deposit();
  expect(troubles(bank)).toEqual([
    'the database cannot be used: it is read-only',
    'the database can be used again',
  ]);
});

test('a full disk: the same', async ({ skip }) => {
  const disk = mountSmallDisk();
  if (disk === undefined) {
    skip('a disk that may be filled takes the right to mount one: run the tests as root, on Linux');
    return;
  }
  const databaseUrl = await databaseOn(disk);
  const { bank, deposit } = await bankWithAccount(databaseUrl);
  const filler = join(disk, 'filler');
  fill(filler);
  const { code, details } = await refusal(again(deposit));
  expect(code).toBe('UNAVAILABLE');
  expect(details).toContain('the database takes no writes: its disk is full');
  expect(await healthStatus(bank.address)).toBe('NOT_SERVING');
  expect((await bank.getBranch({ branch: 1 })).branch?.id).toBe(1);

  rmSync(filler);
  await expect.poll(() => healthStatus(bank.address), SOON).toBe('SERVING');
  await deposit();
  expect(troubles(bank)).toEqual([
    'the database cannot be used: its disk is full',
    'the database can be used again',
  ]);
}, 60_000);

test('a database that is gone: it is not ready until there is one again', async () => {
  const databaseUrl = await emptyDatabase();
  const { bank, deposit } = await bankWithAccount(databaseUrl);
  const name = new URL(databaseUrl).pathname.slice(1);
  await query(inject('postgresUrl'), `alter database ${name} with allow_connections false`);
  await endSessions(databaseUrl);
  await expect.poll(() => healthStatus(bank.address), SOON).toBe('NOT_SERVING');
  await query(inject('postgresUrl'), `alter database ${name} with allow_connections true`);
  await expect.poll(() => healthStatus(bank.address), SOON).toBe('SERVING');
  await deposit();
});

async function bankWithAccount(databaseUrl: string) {
  const bank = await startTestBank({ databaseUrl, metricsPort: 0 });
  onTestFinished(() => bank.close());
  await initialize(bank, 1);
  const { id: to } = await open(bank, 1, 'alice');
  return { bank, deposit: () => bank.deposit({ id: newWriteId(), to, amount: usd(1n) }) };
}

async function statusOf({ metricsPort }: TestBank, path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${metricsPort}${path}`)).status;
}

async function endSessions(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const mine = 'datname = $1 and pid <> pg_backend_pid()';
  await query(inject('postgresUrl'), `select pg_terminate_backend(pid) from pg_stat_activity where ${mine}`, [
    name,
  ]);
}

/** A file system of this test's own, small enough to be filled. */
function mountSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return undefined;
  const disk = mkdtempSync(join(tmpdir(), 'giro-disk-'));
  onTestFinished(() => {
    rmdirSync(disk);
  });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=0777', 'giro-test', disk], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', [disk]);
  });
  return disk;
}

/** A database whose tables lie on that disk; the log of the server's PostgreSQL lies elsewhere. */
async function databaseOn(disk: string): Promise<string> {
  const postgresUrl = inject('postgresUrl');
  const place = join(disk, 'tables');
  const [row] = await query<{ dir: string }>(postgresUrl, `select current_setting('data_directory') as dir`);
  const { uid, gid } = statSync(row?.dir ?? '');
  mkdirSync(place, { mode: 0o700 });
  chownSync(place, uid, gid);
  const name = `full_disk_${process.pid}`;
  await query(postgresUrl, `create tablespace ${name} location '${place}'`);
  await query(postgresUrl, `create database ${name} tablespace ${name}`);
  onTestFinished(async () => {
    await query(postgresUrl, `drop database ${name} with (force)`);
    await query(postgresUrl, `drop tablespace ${name}`);
  });
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(65_536);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(descriptor);
  }
}

/** Tables have some room left in their last pages. */
async function again(write: () => Promise<unknown>): Promise<void> {
  for (let writes = 0; writes < 1_000; writes++) await write();
}

/** What was logged of the database's health. */
function troubles({ log }: TestBank): unknown[] {
  return log.map(({ msg }) => msg).filter((msg) => String(msg).startsWith('the database can'));
}
