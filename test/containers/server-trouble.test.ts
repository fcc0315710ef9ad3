import { Bank, money } from '@giro/sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cleanUp, network } from './cluster.js';
import { serverImage } from './global-setup.js';
import { missingForContainers } from './missing-programs.js';
import { podman, run } from './podman.js';
import { queryPostgres, startPostgres } from './postgres.js';

/** A server ends within seconds if waiting does not cure what is wrong; a machine may be slow. */
const endedMsMax = 60_000;
const pollOptions = { timeout: 30_000, interval: 200 };

/** The password in the URLs below, where there is one; no log tells it. */
const password = 'secret';
const inNetwork = ['--network', network];
const withDatabase = (url: string) => [...inNetwork, '-e', `DATABASE_URL=${url}`];
/** A volume of its own kind for the embedded database: a file system in memory. */
const withBooks = (mebibytes: number) => [
  ...['--tmpfs', `/books:size=${mebibytes}m,mode=1777`],
  ...['-e', 'GIRO_DATA_DIR=/books'],
];

describe.skipIf(missingForContainers())('the server’s image', () => {
  beforeAll(async () => {
    await podman(['network', 'create', network]);
    await startPostgres();
    await vi.waitFor(() => queryPostgres('SELECT 1'), pollOptions);
    await queryPostgres('CREATE DATABASE newer');
    await queryPostgres('CREATE TABLE schema_migrations (version int, applied_at timestamptz)', 'newer');
    await queryPostgres('INSERT INTO schema_migrations VALUES (999, now())', 'newer');
  });

  afterAll(cleanUp);

  const endings: [string, string[], RegExp][] = [
    [
      'a wrong password',
      withDatabase('postgresql://giro:secret-no@db:5432/giro'),
      /db:5432.* cannot be used: password authentication failed for user "giro"; set it up, or correct DATABASE_URL/,
    ],
    [
      'a database that does not exist',
      withDatabase(`postgresql://giro:${password}@db:5432/gyro`),
      /db:5432.* cannot be used: database "gyro" does not exist; set it up, or correct DATABASE_URL/,
    ],
    [
      'no URL of a database',
      withDatabase(`giro:${password}@db`),
      /DATABASE_URL cannot be used: .*; write it like postgresql:\/\/user:password@host:5432\/database/,
    ],
    [
      'a database of a newer schema',
      withDatabase(`postgresql://giro:${password}@db:5432/newer`),
      /the database has schema version 999, this server knows \d+: start a newer server/,
    ],
    ['a full disk', withBooks(16), /The disk that holds \/books is full; make room on it/],
    [
      'a volume that is read-only',
      ['-v', 'books:/data:ro'],
      /The data directory \/data cannot be written \(EROFS: .*\); make it writable/,
    ],
    [
      'no place for temporary files',
      ['--read-only', '--read-only-tmpfs=false', '-v', 'books:/data'],
      /No temporary directory can be used .*; set TMPDIR to a writable one/,
    ],
  ];
  it.concurrent.each(endings)(
    'says in one line what is wrong with %s, and ends',
    async (_, settings, sentence) => {
      const server = await podman(['run', '-d', ...settings, serverImage]);
      expect(await podman(['wait', server])).toBe('1');
      const { fatal, plain, all } = await logged(server);
      expect(fatal).toEqual([expect.stringMatching(sentence)]);
      expect(plain).toEqual([expect.stringMatching(sentence)]);
      expect(plain[0]).toMatch(/^giro-server: /);
      expect(all).not.toContain(password);
    },
    endedMsMax,
  );

  const waits: [string, string, RegExp][] = [
    ['a name that nobody has', 'nobody.invalid:5432', /ENOTFOUND|EAI_AGAIN/],
    ['a port on which nobody listens', 'db:1', /ECONNREFUSED/],
  ];
  it.concurrent.each(waits)('waits for a database at %s, alive and not ready', async (_, place, reason) => {
    const url = `postgresql://giro:${password}@${place}/giro`;
    const server = await podman(['run', '-d', ...withDatabase(url), serverImage]);
    await vi.waitFor(async () => {
      expect((await logged(server)).all).toContain('waiting for the database');
    }, pollOptions);
    expect(await ask(server, '/livez')).toMatch(/^200 /);
    expect(await ask(server, '/readyz')).toBe('503 not ready: the server waits for its database');
    await expect(podman(['healthcheck', 'run', server])).rejects.toThrow();

    // As long as the kubelet gives it: a name that is being looked up cannot be given up, and the resolver takes its time.
    await podman(['stop', '--time', '30', server]);
    const { warnings, plain, all } = await logged(server);
    expect(await podman(['inspect', server, '--format', '{{.State.ExitCode}}'])).toBe('0');
    expect(plain).toEqual([]);
    expect(warnings[0]).toMatch(reason);
    expect(all).not.toContain(password);
  });

  it('is not ready while its disk is full, and again when there is room', async () => {
    const server = await podman(['run', '-d', '-p', '5001:5001', ...withBooks(100), serverImage]);
    await expect.poll(() => ask(server, '/readyz'), pollOptions).toBe('200 ready');
    await using bank = new Bank({ servers: '127.0.0.1:5001' });
    await bank.branches.initialize({ id: 1, initialBalance: money('1000.00', 'USD') });
    const { id } = await bank.accounts.open({ branch: 1, customer: 'alice', currency: 'USD' });
    // Few at once: what fails also fills PostgreSQL's log, and without room for that it ends.
    const deposits = Array.from({ length: 50 }, () => ({ to: id, amount: money('0.01', 'USD') }));

    const fill = 'dd if=/dev/zero of=/books/filler bs=1M 2>&1 || true';
    expect(await podman(['exec', server, 'sh', '-c', fill])).toContain('No space left on device');
    const stop = new AbortController();
    const caller = (async () => {
      while (!stop.signal.aborted) await Promise.allSettled(deposits.map((deposit) => bank.deposit(deposit)));
    })();
    try {
      await expect.poll(() => ask(server, '/readyz'), pollOptions).toBe('503 not ready: its disk is full');
      const { errors } = await logged(server);
      expect(errors.filter((line) => line === 'the database cannot be used: its disk is full')).toHaveLength(
        1,
      );
      await podman(['exec', server, 'rm', '/books/filler']);
      await expect.poll(() => ask(server, '/readyz'), pollOptions).toBe('200 ready');
    } finally {
      stop.abort();
      await caller;
    }
    await bank.deposit({ to: id, amount: money('0.01', 'USD') });
    expect(await podman(['inspect', server, '--format', '{{.RestartCount}} {{.State.Status}}'])).toBe(
      '0 running',
    );
  });
});

/** What a server said: its log's fatal errors, errors and warnings, and the lines that are not its log's. */
async function logged(server: string) {
  const all = await run('sh', ['-c', 'podman logs "$1" 2>&1', 'sh', server]);
  const lines = all.split('\n').filter((line) => line !== '');
  const isLog = (line: string) => line.startsWith('{');
  const log = lines.filter(isLog).map((line) => JSON.parse(line) as LogLine);
  return {
    fatal: log.filter(({ level }) => level === 60).map(({ err }) => err?.message),
    errors: log.filter(({ level }) => level === 50).map(({ msg }) => msg),
    warnings: log.filter(({ level }) => level === 40).map(({ msg }) => msg),
    plain: lines.filter((line) => !isLog(line)),
    all,
  };
}

/** What these tests read of a line of pino's. */
interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

/** @returns the status and the body of an answer on the port of the metrics, which need not be published */
function ask(server: string, path: string): Promise<string> {
  const script = `const answer = await fetch('http://127.0.0.1:9464${path}');
    console.log(answer.status, (await answer.text()).trim());`;
  return podman(['exec', server, 'node', '--input-type=module', '-e', script]).catch(String);
}
