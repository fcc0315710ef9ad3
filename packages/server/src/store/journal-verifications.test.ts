import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../test-support/database.js';
import { removeEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded.js';
import { initializeBranch } from '../ledger/commands.fixture.js';
import { backends, openReads, openStore, transact } from './bank-database.fixture.js';
import { JournalVerifications } from './journal-verifications.js';
import { postgresReads } from './postgres-reads.js';
import { migrate } from './migrate.js';
import type { VerificationEvent } from './verification.js';

/** A PostgreSQL of its own, since whether standbys must confirm is a setting for all of its databases. */
let dataDir: string;
let postgres: EmbeddedPostgres;
let url: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'giro-test-'));
  postgres = await startEmbeddedPostgres({ dataDir });
  url = postgres.url;
  const client = new Client({ connectionString: url });
  await client.connect();
  await migrate(client);
  await client.end();
});

afterAll(async () => {
  await postgres.stop();
  await removeEmbeddedPostgres(dataDir);
});

describe('verifications', () => {
  it('are few at a time, since each takes a connection and much of the processor', async () => {
    await transact(openStore(url), ...[3, 5, 10].map((branch) => initializeBranch(branch, 1n)));
    const verifications = new JournalVerifications(postgresReads(openReads(url), url));
    const running = [verifications.verify(3), verifications.verify(10)];
    for (const verification of running) await verification.next();
    await expect(verifications.verify(5).next()).rejects.toMatchObject({ reason: 'OVERLOADED' });
    await running[0]!.return();
    for (const verification of [verifications.verify(5), running[1]!]) {
      expect((await eventsOf(verification)).at(-1)).toMatchObject({ kind: 'result', problem: undefined });
    }
  });

  it('tell their result once the standbys have confirmed what was read (R11)', async () => {
    await transact(openStore(url), initializeBranch(7, 1n));
    await setStandby('nobody');
    const told: VerificationEvent[] = [];
    const verifying = eventsOf(new JournalVerifications(postgresReads(openReads(url), url)).verify(7), told);
    await backends(url, `wait_event = 'SyncRep'`);
    expect(told).toMatchObject([{ kind: 'progress' }]);
    await setStandby('');
    expect((await verifying).at(-1)).toMatchObject({ kind: 'result', problem: undefined });
  });
});

/** @param events - where they are collected as they come */
async function eventsOf(
  verification: AsyncIterable<VerificationEvent>,
  events: VerificationEvent[] = [],
): Promise<readonly VerificationEvent[]> {
  for await (const event of verification) events.push(event);
  return events;
}

/** Sets the one standby that must confirm, or none, and waits until it is so. */
async function setStandby(name: string): Promise<void> {
  await query(url, `alter system set synchronous_standby_names = '${name}'`);
  await query(url, 'select pg_reload_conf()');
  const current = `select current_setting('synchronous_standby_names') as name`;
  await expect.poll(() => query(url, current)).toEqual([{ name }]);
}
