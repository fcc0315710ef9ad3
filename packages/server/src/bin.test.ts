import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase } from '../test-support/database.js';
import { endAll, ready, runServer, runToEnd } from './bin.fixture.js';
import { removeEmbeddedPostgres } from './embedded.js';
import { seedClient } from './grpc/seed-client.fixture.js';

/** One sentence on standard error, with nothing around it. */
const ONE_SENTENCE = /^giro-server: [^\n]+\n$/;

/** Nobody listens there. */
const NO_DATABASE = 'postgresql://somebody:secret-word@localhost:1/books';

afterAll(endAll);

describe.concurrent('the command line', () => {
  test('--help names every option with its variable and default; --version is the package', async () => {
    const { code, stdout } = await runToEnd(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'GIRO_HOST',
      'GIRO_PORT',
      'DATABASE_URL',
      'GIRO_DATA_DIR',
      'GIRO_DATABASE_WAIT_MS',
      'GIRO_METRICS_PORT',
      'GIRO_CURRENCY',
      'GIRO_LOG_LEVEL',
    ])
      expect(stdout).toContain(name);
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await runToEnd(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  const bad: [string[], Record<string, string>, string][] = [
    [[], { GIRO_PORT: '-1' }, 'GIRO_PORT'],
    [['--currency', 'usd'], {}, '--currency'],
    [['--database-wait-ms', '5m'], {}, '--database-wait-ms'],
    [['--colour'], {}, '--colour'],
    [['migrait'], {}, 'arguments'],
    [['migrate'], {}, '--database-url'],
    [['move', '--from', 'x'], {}, '--to'],
  ];
  test.each(bad)('%j with %j is refused', async (args, env, named) => {
    const { code, stdout, stderr } = await runToEnd(args, env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: [^\n]+\n/);
    expect(stderr).toContain(named);
  });
});

describe.concurrent('what keeps it from starting is one sentence, at once', () => {
  test("a database that is not there; its password is nobody else's business", async () => {
    const env = { DATABASE_URL: NO_DATABASE, GIRO_DATABASE_WAIT_MS: '0' };
    const { code, stdout, stderr } = await runToEnd(['--port', '0'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain('the database at localhost:1 cannot be used');
    expect(stdout + stderr).not.toContain('secret-word');
  });

  test('a port that is taken, before anything else is started', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const dataDir = join(tmpdir(), `giro-never-made-${process.pid}`);
    const { code, stdout, stderr } = await runToEnd(['--port', `${port}`, '--data-dir', dataDir]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `giro-server: cannot listen on 127.0.0.1:${port}: another program does, stop it or choose another port\n`,
    );
    expect([existsSync(dataDir), stdout.includes(dataDir)]).toEqual([false, false]);
    other.close();
  });

  test('a data directory that cannot be', async () => {
    const { code, stderr } = await runToEnd(['--port', '0', '--data-dir', '/dev/null/books']);
    expect(code).toBe(1);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain('/dev/null/books');
  });
});

describe('on a database of its own', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await realpath(await mkdtemp(join(tmpdir(), 'giro-bin-')));
  });
  afterAll(async () => {
    await removeEmbeddedPostgres(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  test('the books outlive a stop, a kill, and the database; nobody else gets at them meanwhile', async () => {
    const env = { GIRO_PORT: '0', GIRO_DATA_DIR: dataDir, DATABASE_URL: '' };
    const first = runServer([], env);
    using bank = seedClient(`127.0.0.1:${await ready(first)}`);
    await bank.call('InitializeBranch', { branch_id: 1, initial_balance: 1_000 });
    await bank.call('Deposit', { customer_id: 1, amount: 100 });
    const second = await runToEnd([], env);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(ONE_SENTENCE) as string });
    expect(second.stderr).toContain(`${dataDir} is in use`);
    first.child.kill('SIGTERM');
    first.child.kill('SIGTERM');
    expect([await first.ended, first.stderr()]).toEqual([0, '']);

    const third = runServer([], env);
    using again = seedClient(`127.0.0.1:${await ready(third)}`);
    await again.call('Withdraw', { customer_id: 1, amount: 50 });
    third.child.kill('SIGKILL');
    expect(await third.ended).toBe('SIGKILL');

    const fourth = runServer([], env);
    using last = seedClient(`127.0.0.1:${await ready(fourth)}`);
    expect(await last.call('Query', { customer_id: 1 })).toEqual({ balance: 50 });
    process.kill(await postmasterPid(dataDir), 'SIGKILL');
    expect(await fourth.ended).toBe(1);
    expect(fourth.stderr()).toMatch(ONE_SENTENCE);
    expect(fourth.stderr()).toContain('PostgreSQL ended by itself');
  });

  test('told to stop while it starts, it stops', async () => {
    const run = runServer(['--port', '0', '--data-dir', dataDir]);
    await expect.poll(run.stdout, { timeout: 10_000 }).toContain('The data');
    run.child.kill('SIGINT');
    expect([await run.ended, run.stderr()]).toEqual([0, '']);
  });
});

test('it waits for a database that is not there yet, listening, until it is told to stop', async () => {
  const run = runServer(['--port', '0'], { DATABASE_URL: NO_DATABASE });
  await expect.poll(run.stdout, { timeout: 10_000 }).toContain('waiting for the database');
  expect(run.stdout()).toContain('listening');
  run.child.kill('SIGTERM');
  expect([await run.ended, run.stderr()]).toEqual([0, '']);
  expect(run.stdout().match(/waiting for the database/g)).toHaveLength(1);
  expect(run.stdout()).not.toContain('secret-word');
});

test('it ends when its launcher does, however early, and is told to stop by either', async () => {
  const env = { DATABASE_URL: await emptyDatabase(), GIRO_PORT: '0', GIRO_LOG_LEVEL: 'warn' };
  const stops: ((child: ChildProcess) => void)[] = [
    (child) => {
      child.disconnect();
    },
    (child) => child.kill('SIGTERM'),
  ];
  for (const stop of stops) {
    const run = runServer([], env);
    await ready(run);
    stop(run.child);
    expect([await run.ended, run.stderr(), run.stdout()]).toEqual([0, '', '']);
  }
  const left = runServer([], env);
  left.child.disconnect();
  expect([await left.ended, left.stderr(), left.stdout()]).toEqual([0, '', '']);
});

async function postmasterPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}
