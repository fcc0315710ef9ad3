import { readFile } from 'node:fs/promises';
import { Bank, money } from '@giro/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresImage } from './base-images.js';
import { Cluster, cleanUp, network } from './cluster.js';
import { serverImage } from './global-setup.js';
import { missingForContainers } from './missing-programs.js';
import { podman } from './podman.js';
import { databaseSecret, startPostgres } from './postgres.js';
import { imageOf, synthesized } from './synthesized.js';

const server = 'banking-system-server';
const backup = 'giro-backup';

/** In the pods' network, with the password that the pages' URLs leave out. */
const client = ['--rm', '--network', network, '-e', 'PGPASSWORD=secret'];

describe.skipIf(missingForContainers())('the backup of `npm run synth:production`', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const objects = await synthesized('synth:production');
    await podman(['tag', serverImage, imageOf(objects, server)]);
    await podman(['tag', postgresImage, imageOf(objects, backup)]);
    cluster = await Cluster.make([...objects, databaseSecret('giro-db-app')]);
    await startPostgres();
  });

  afterAll(cleanUp);

  it('is restored as docs/operations.md says, into books that `giro-server verify` accepts', async () => {
    await post(`${await cluster.start(server, 'server-1')}:5001`);
    const original = await verify('postgresql://giro@db:5432/giro');
    expect(original).toMatch(/^branch 2: fits up to \d+, head /m);

    await cluster.runOnce(backup);
    const [dump = '', ...others] = (await inBackups('ls')).split('\n');
    expect([dump, others]).toEqual([expect.stringMatching(/^giro-\d{8}T\d{6}Z\.dump$/), []]);

    const { restore, restored } = await documentedRestore();
    await inBackups(restore.replaceAll(/giro-\w+\.dump/g, dump));
    expect(await verify(restored)).toBe(original);
  });
});

/** Transfers within a branch and between two, which the dump has to have whole. */
async function post(address: string): Promise<void> {
  await using bank = new Bank({ servers: address });
  const accounts = [];
  for (const id of [1, 2]) {
    await bank.branches.initialize({ id, initialBalance: money('1000.00', 'USD') });
    accounts.push(await bank.accounts.open({ branch: id, customer: 'alice', currency: 'USD' }));
  }
  const [from, to] = accounts.map(({ id }) => id) as [string, string];
  await bank.deposit({ to: from, amount: money('100.00', 'USD') });
  await Promise.all(
    Array.from({ length: 100 }, () => bank.transfer({ from, to, amount: money('0.25', 'USD') })),
  );
}

/** The commands of the page: those that restore, and the URL of the database that is then verified. */
async function documentedRestore(): Promise<{ restore: string; restored: string }> {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const found = /```sh\n(?<restore>createdb [^`]+)DATABASE_URL=(?<restored>\S+) giro-server verify\n```/.exec(
    page,
  );
  const { restore, restored } = found?.groups ?? {};
  if (restore === undefined || restored === undefined) throw new Error('the page tells no restore');
  return { restore, restored };
}

/** Runs commands where the dumps are, beside PostgreSQL's programs. */
function inBackups(script: string): Promise<string> {
  const place = ['-v', `${backup}:/backups`, '-w', '/backups', '--entrypoint', 'sh'];
  return podman(['run', ...client, ...place, postgresImage, '-ec', script]);
}

function verify(databaseUrl: string): Promise<string> {
  return podman(['run', ...client, '-e', `DATABASE_URL=${databaseUrl}`, serverImage, 'verify']);
}
