import { Bank, money } from '@giro/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBank } from '../support/audit.js';
import { Cluster, cleanUp } from './cluster.js';
import { apiImage, serverImage } from './global-setup.js';
import { missingForContainers } from './missing-programs.js';
import { podman } from './podman.js';
import { databaseSecret, startPostgres } from './postgres.js';
import { startLoad } from './rest-load.js';
import { imageOf, synthesized } from './synthesized.js';

const server = 'banking-system-server';
const api = 'banking-system-api';

/** Long enough for servers that do not wait for their database to have given up. */
const withoutDatabaseMs = 5_000;
/** Load before, between and after the replacements. */
const steadyMs = 3_000;

describe.skipIf(missingForContainers())('the manifests of `npm run synth:production`', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const objects = await synthesized('synth:production');
    await podman(['tag', serverImage, imageOf(objects, server)]);
    await podman(['tag', apiImage, imageOf(objects, api)]);
    cluster = await Cluster.make([...objects, databaseSecret('giro-db-app')]);
  });

  afterAll(cleanUp);

  it('wait for the database, then lose no call and no transfer while each server is replaced', async () => {
    const first = cluster.start(server, 'server-1');
    await sleep(withoutDatabaseMs);
    expect(await restarts('server-1')).toBe(0);
    await startPostgres();
    const servers = [
      await first,
      await cluster.start(server, 'server-2'),
      await cluster.start(server, 'server-3'),
    ];
    const apis = [await cluster.start(api, 'api-1'), await cluster.start(api, 'api-2')];
    const pairs = await openAccounts(servers);

    const load = startLoad(
      apis.map((address) => `http://${address}:5002`),
      pairs,
    );
    await sleep(steadyMs);
    const replaced: string[] = [];
    for (const old of [1, 2, 3]) {
      const before = load.applied();
      replaced.push(await cluster.start(server, `server-${old + 3}`));
      await cluster.stop(server, `server-${old}`);
      await sleep(steadyMs);
      expect(load.applied()).toBeGreaterThan(before);
    }
    const { applied, failures } = await load.stop();

    expect(failures).toEqual([]);
    await using bank = new Bank({ servers: replaced.map((address) => `${address}:5001`) });
    await auditBank(bank);
    const receivers = await Promise.all(pairs.map(({ to }) => bank.accounts.get(to)));
    const received = receivers.reduce((sum, { balance }) => sum + balance.amount, 0n);
    expect(received).toBe(BigInt(applied));
  });
});

/** Pairs of accounts, one with money, within branches and between them. */
async function openAccounts(servers: readonly string[]): Promise<{ from: string; to: string }[]> {
  await using bank = new Bank({ servers: servers.map((address) => `${address}:5001`) });
  const branches = [1, 2, 3, 4];
  for (const id of branches)
    await bank.branches.initialize({ id, initialBalance: money('1000000.00', 'USD') });
  return await Promise.all(
    [...branches, ...branches].map(async (branch, index) => {
      const other = index < branches.length ? branch : (branch % branches.length) + 1;
      const customer = `customer-${index}`;
      const from = await bank.accounts.open({ branch, customer, currency: 'USD' });
      const to = await bank.accounts.open({ branch: other, customer: `${customer}-to`, currency: 'USD' });
      await bank.deposit({ to: from.id, amount: money('1000.00', 'USD') });
      return { from: from.id, to: to.id };
    }),
  );
}

async function restarts(pod: string): Promise<number> {
  return Number(await podman(['inspect', `${pod}-server`, '--format', '{{.RestartCount}}']));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
