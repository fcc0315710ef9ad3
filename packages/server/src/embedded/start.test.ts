import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { removeEmbeddedPostgres } from './remove.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const isRoot = process.geteuid?.() === 0;
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const ownerFixture = fileURLToPath(new URL('./owner.fixture.ts', import.meta.url));

/** The tests share one database, each finding it stopped, save those that ask for a directory of their own. */
let root: string;
let dataDir: string;
const running: EmbeddedPostgres[] = [];
const owners: ChildProcess[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'giro-test-'));
});

beforeEach(async () => {
  await chmod(root, 0o755);
  dataDir = join(root, 'shared');
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((database) => database.stop()));
  for (const owner of owners.splice(0)) {
    if (owner.exitCode === null && owner.signalCode === null && owner.kill('SIGKILL'))
      await once(owner, 'exit');
  }
  if (dataDir !== join(root, 'shared')) await removeEmbeddedPostgres(dataDir);
});

afterAll(async () => {
  await removeEmbeddedPostgres(join(root, 'shared'));
  await rm(root, { recursive: true });
});

test('a row survives stopping and starting again, and stopping leaves nothing running', async () => {
  const first = await start();
  await keepRow(first.url, 42);
  const pid = await postmasterPid();
  expect(isRunning(pid)).toBe(true);
  await Promise.all([first.stop(), first.stop()]);
  expect(await first.exited).toBeUndefined();
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(socketDirOf(first.url))).toBe(false);

  const second = await start();
  expect(await keptRow(second.url)).toBe(42);
});

test('the log does not grow without bound', async () => {
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, 'postgres.log'), 'x');
  await truncate(join(dataDir, 'postgres.log'), 33 * 1024 * 1024);
  await (await start()).stop();
  expect((await lstat(join(dataDir, 'postgres.log'))).size).toBeLessThan(1024 * 1024);
  expect((await lstat(join(dataDir, 'postgres.log.1'))).size).toBeGreaterThan(33 * 1024 * 1024);
});

test('the database is durable, in UTF-8 and UTC, and reachable for its owner alone', async () => {
  const { url } = await start();
  const settings = await query(
    url,
    `SELECT name, setting FROM pg_settings WHERE name IN
     ('fsync','synchronous_commit','full_page_writes','listen_addresses','TimeZone','server_encoding','data_checksums') ORDER BY name COLLATE "C"`,
  );
  expect(Object.fromEntries(settings.map(({ name, setting }) => [String(name), setting]))).toEqual({
    TimeZone: 'UTC',
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    server_encoding: 'UTF8',
    synchronous_commit: 'on',
  });
  expect((await lstat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
  expect((await lstat(socketDirOf(url))).mode & 0o777).toBe(0o700);
  const wrongPassword = new URL(url);
  wrongPassword.password = 'wrong';
  await expect(query(wrongPassword.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a second start is refused while the first lives, from this process and from another', async () => {
  await start();
  await expect(start()).rejects.toMatchObject({
    reason: 'data-dir-in-use',
    message: expect.stringContaining(`in use by process ${String(process.pid)}`) as string,
  });
  expect(await startOwner(dataDir)).toMatchObject({ reason: 'data-dir-in-use' });
});

test('after kill -9 of the owner PostgreSQL stops, and the next start finds what was committed', async () => {
  const { owner, url } = await startOwnerOrFail(dataDir);
  await keepRow(url, 8);
  const [pid, guardian] = [await postmasterPid(), await guardianPid()];
  await kill(owner);
  await expect.poll(() => isRunning(pid) || isRunning(guardian), { timeout: 10_000 }).toBe(false);
  expect(existsSync(socketDirOf(url))).toBe(false);

  const again = await start();
  expect(await keptRow(again.url)).toBe(8);
});

test('the next start need not wait for the PostgreSQL of a killed owner to be gone', async () => {
  const { owner, url } = await startOwnerOrFail(dataDir);
  await keepRow(url, 9);
  const pid = await postmasterPid();
  await kill(owner);
  const again = await start();
  expect(isRunning(pid)).toBe(false);
  expect(await keptRow(again.url)).toBe(9);
});

test('an orphan, its owner and guardian both killed, is stopped by the next start', async () => {
  const { owner, url } = await startOwnerOrFail(dataDir);
  await keepRow(url, 10);
  const [pid, guardian] = [await postmasterPid(), await guardianPid()];
  process.kill(guardian, 'SIGKILL');
  await kill(owner);
  expect(isRunning(pid)).toBe(true);
  const warn = vi.fn();
  const again = await start({ warn, info: () => undefined });
  expect(warn).toHaveBeenCalledWith(
    expect.objectContaining({ pid }),
    expect.stringContaining('left running'),
  );
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(socketDirOf(url))).toBe(false);
  expect(await keptRow(again.url)).toBe(10);
});

test('a process id that now belongs to another program does not stand in the way, and is left alone', async () => {
  await (await start()).stop();
  const bystander = spawn('sleep', ['60']);
  owners.push(bystander);
  const cluster = await realpath(join(dataDir, 'postgres'));
  await writeFile(
    join(cluster, 'postmaster.pid'),
    `${String(bystander.pid)}\n${cluster}\n1\n5432\n/tmp\n\n  1 1\nready\n`,
  );
  await start();
  expect(isRunning(bystander.pid ?? 0)).toBe(true);
});

test('a start that was cut off while making the database leaves nothing in the way', async () => {
  dataDir = join(root, 'own');
  const signal = AbortSignal.timeout(300);
  await expect(startEmbeddedPostgres({ dataDir, signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  await mkdir(join(dataDir, 'postgres.unfinished-abcdef'));
  await start();
  expect((await readdir(dataDir)).filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('`exited` tells when PostgreSQL, or its guardian, is killed; both can be started again', async () => {
  const first = await start();
  process.kill(await postmasterPid(), 'SIGKILL');
  expect(await first.exited).toMatchObject({ reason: 'exited' });

  const second = await start();
  const pid = await postmasterPid();
  process.kill(await guardianPid(), 'SIGKILL');
  expect(await second.exited).toMatchObject({ reason: 'exited' });
  expect(isRunning(pid)).toBe(false);
  await start();
});

test('a directory that cannot be made is refused in a sentence', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(startEmbeddedPostgres({ dataDir: join(root, 'file', 'data') })).rejects.toMatchObject({
    reason: 'data-dir-not-writable',
  });
});

test('what does not fit, or is missing, is told; what PostgreSQL says of it is quoted', async () => {
  dataDir = await mkdtemp(join(root, 'own-'));
  await (await start()).stop();
  const cluster = join(dataDir, 'postgres');
  expect(await realpath(cluster)).toBe(cluster);
  await writeFile(join(cluster, 'postgresql.conf'), 'no_such_setting = 1\n');
  await expect(start()).rejects.toMatchObject({
    reason: 'start-failed',
    message: expect.stringContaining('configuration file') as string,
  });
  await writeFile(join(cluster, 'PG_VERSION'), '15\n');
  await expect(start()).rejects.toMatchObject({ reason: 'wrong-version' });
  await rm(join(dataDir, 'password'));
  await expect(start()).rejects.toMatchObject({ reason: 'data-missing' });
});

test.skipIf(!isRoot)(
  'below a directory of root alone, the data lies elsewhere and outlives a restart',
  async () => {
    dataDir = join(root, 'own');
    await chmod(root, 0o700);
    const warn = vi.fn();
    const first = await start({ warn, info: () => undefined });
    const cluster = await realpath(join(dataDir, 'postgres'));
    expect(cluster.startsWith(root)).toBe(false);
    expect(warn).toHaveBeenCalledWith(expect.anything(), expect.stringContaining(cluster));
    await keepRow(first.url, 11);
    await first.stop();
    const second = await start();
    expect(await keptRow(second.url)).toBe(11);
    await second.stop();

    await removeEmbeddedPostgres(dataDir);
    expect([existsSync(dirname(cluster)), existsSync(dataDir)]).toEqual([false, false]);
  },
);

// Root's own files, such as a clone below a private directory, are none that an ordinary user could run.
test.skipIf(!isRoot || !readableBy('nobody', ownerFixture))(
  'an ordinary user starts it, and is told of a directory that is not theirs',
  async () => {
    dataDir = join(root, 'own');
    const nobody = Number(execFileSync('id', ['-u', 'nobody']).toString());
    expect(await startOwner(dataDir, nobody)).toMatchObject({ reason: 'data-dir-not-writable' });
    await mkdir(dataDir);
    await chown(dataDir, nobody, nobody);
    const { owner, url } = await startOwnerOrFail(dataDir, nobody);
    expect(await query(url, 'SELECT 1 AS v')).toEqual([{ v: 1 }]);
    owner.kill('SIGTERM');
    expect(await once(owner, 'exit')).toEqual([0, null]);
  },
);

function readableBy(user: string, file: string): boolean {
  const uid = Number(execFileSync('id', ['-u', user]).toString());
  return spawnSync('test', ['-r', file], { uid, cwd: '/' }).status === 0;
}

async function start(logger?: { info: () => void; warn: () => void }): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres(logger ? { dataDir, logger } : { dataDir });
  running.push(database);
  return database;
}

async function startOwner(
  dir: string,
  uid?: number,
): Promise<{ url?: string; reason?: string; owner: ChildProcess }> {
  const owner = spawn(process.execPath, ['--import', tsx, ownerFixture, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid, env: { ...process.env, TSX_DISABLE_CACHE: '1' } }),
  });
  owners.push(owner);
  for await (const line of createInterface(owner.stdout)) {
    return { ...(JSON.parse(line) as { url?: string; reason?: string }), owner };
  }
  throw new Error('the owner said nothing');
}

async function startOwnerOrFail(dir: string, uid?: number): Promise<{ url: string; owner: ChildProcess }> {
  const { owner, url, ...problem } = await startOwner(dir, uid);
  if (url === undefined) throw new Error(JSON.stringify(problem));
  return { owner, url };
}

async function kill(owner: ChildProcess): Promise<void> {
  owner.kill('SIGKILL');
  await once(owner, 'exit');
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function keepRow(url: string, value: number): Promise<void> {
  await query(url, `DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT ${String(value)} AS value`);
}

async function keptRow(url: string): Promise<unknown> {
  const rows = await query(url, 'SELECT value FROM kept');
  return rows[0]?.['value'];
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function guardianPid(): Promise<number> {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(await postmasterPid())]).toString());
}

/** A killed process may stay for a moment as a zombie, which runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z');
  } catch {
    return false;
  }
}

function socketDirOf(url: string): string {
  return new URL(url).searchParams.get('host') ?? '';
}
