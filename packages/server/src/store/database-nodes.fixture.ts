import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { query } from '../../test-support/database.js';
import { removeEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded.js';

export type DatabaseNodes = Awaited<ReturnType<typeof startDatabaseNodes>>;

/** A primary and its synchronous standby: two real PostgreSQL, and the URL that names both, the standby first. */
export async function startDatabaseNodes() {
  const [primaryDir, standbyDir] = [await makeDataDir(), await makeDataDir()];
  await copyBooks(primaryDir, standbyDir);
  const primary = await startEmbeddedPostgres({ dataDir: primaryDir });
  const standby = await startStandby(standbyDir, primary);
  await query(primary.url, `alter system set synchronous_standby_names = '*'`);
  await query(primary.url, 'select pg_reload_conf()');
  await vi.waitUntil(async () => {
    const states = await query<{ sync_state: string }>(
      primary.url,
      'select sync_state from pg_stat_replication',
    );
    return states[0]?.sync_state === 'sync';
  }, 20_000);
  return {
    primary,
    standby,
    url: urlOfBoth(standby.url, primary.url),
    /** As a crash of its machine does. */
    kill: async (node: EmbeddedPostgres) => {
      const [pid] = readFileSync(join(node.clusterDir, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      await node.exited;
    },
    promoteStandby: () => query(standby.url, 'select pg_promote()'),
    stop: async () => {
      // The standby first: a primary that stops in order waits for it.
      for (const node of [standby, primary]) await node.stop();
      for (const dataDir of [standbyDir, primaryDir]) await removeEmbeddedPostgres(dataDir);
    },
  };
}

/** One URL with several hosts, each the directory of its socket. */
function urlOfBoth(...urls: readonly string[]): string {
  const hosts = urls.map((each) => {
    const { searchParams, port } = new URL(each);
    return `${encodeURIComponent(searchParams.get('host') ?? '')}:${port || '5432'}`;
  });
  const { username, password, pathname } = new URL(urls[0] ?? '');
  return `postgresql://${username}:${password}@${hosts.join()}${pathname}?sslmode=disable&target_session_attrs=read-write`;
}

function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'giro-test-'));
}

/** What `pg_basebackup` does, which does not come along: both are stopped meanwhile. */
async function copyBooks(fromDir: string, toDir: string): Promise<void> {
  const places: string[] = [];
  for (const dataDir of [fromDir, toDir]) {
    const postgres = await startEmbeddedPostgres({ dataDir });
    await postgres.stop();
    places.push(postgres.clusterDir);
  }
  const [from = '', to = ''] = places;
  for (const name of readdirSync(to)) rmSync(join(to, name), { recursive: true });
  execFileSync('cp', ['-a', `${from}/.`, to]);
  copyFileSync(join(fromDir, 'password'), join(toDir, 'password'));
}

async function startStandby(dataDir: string, primary: EmbeddedPostgres): Promise<EmbeddedPostgres> {
  const { searchParams, username, password, port } = new URL(primary.url);
  const clusterDir = join(dataDir, 'postgres');
  const conninfo = `host=${searchParams.get('host') ?? ''} port=${port || '5432'} user=${username} password=${password}`;
  appendFileSync(join(clusterDir, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`);
  writeFileSync(join(clusterDir, 'standby.signal'), '');
  return startEmbeddedPostgres({ dataDir });
}
