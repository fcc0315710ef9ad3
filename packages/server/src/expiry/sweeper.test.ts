import { expect, it } from 'vitest';
import { Committer } from '../commit/committer.js';
import { initializeBranch, openAccount } from '../ledger/commands.fixture.js';
import { bankDatabase, contents, openReads, openStore } from '../store/bank-database.fixture.js';
import { postgresReads } from '../store/postgres-reads.js';
import { query } from '../../test-support/database.js';
import { startSweeper, sweep } from './sweeper.js';

const ann = { branch: 3, serial: 1 };
const eve = { branch: 10, serial: 1 };
const id = '01900000-0000-7000-8000-000000000001';

async function bankWithHold() {
  const url = await bankDatabase(
    ...[initializeBranch(3, 0n), initializeBranch(10, 0n)],
    ...[openAccount(3, 'ann'), openAccount(10, 'eve')],
  );
  const committer = new Committer(openStore(url), { warn: () => undefined });
  const currency = 'USD';
  await committer.submit({ kind: 'deposit', id: id.replace('1', '2'), to: ann, amount: 100n, currency });
  const outcome = await committer.submit({
    ...{ kind: 'placeHold', id, from: ann, to: eve, amount: 60n, currency, expiresInMs: 1 },
  });
  expect(outcome.kind).toBe('applied');
  return { url, committer, reads: postgresReads(openReads(url), url) };
}

it('settles what has expired, in every branch that the hold touched', async () => {
  const { url, committer, reads } = await bankWithHold();
  await due(url);
  expect((await sweep(reads, committer)).toSorted((a, b) => a - b)).toEqual([3, 10]);
  const { holds, accounts, entries } = await contents(url);
  expect(holds.map(({ status }) => status)).toEqual(['expired', 'expired']);
  expect(accounts.map(({ heldDebits, heldCredits }) => heldDebits + heldCredits)).toEqual(
    accounts.map(() => 0n),
  );
  expect(entries.filter(({ change }) => change.kind === 'holdExpired')).toMatchObject([
    { branch: 3, writeId: id, ordinal: -1 },
    { branch: 10, writeId: id, ordinal: -1 },
  ]);
});

it('finds nothing a second time', async () => {
  const { url, committer, reads } = await bankWithHold();
  await due(url);
  await sweep(reads, committer);
  const before = await contents(url);
  expect(await sweep(reads, committer)).toEqual([]);
  await committer.submit({ kind: 'expireHolds', id, branch: 3 });
  expect(await contents(url)).toEqual(before);
});

it('sweeps by itself until it is closed', async () => {
  const { url, committer, reads } = await bankWithHold();
  const sweeper = startSweeper(reads, committer, { warn: () => undefined });
  const open = `select 1 from holds where status = 'held'`;
  while ((await query(url, open)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await sweeper.close();
});

/** Waits until the database's clock is past every expiry. */
async function due(url: string): Promise<void> {
  const early = `select 1 from holds
    where expires_micros > (extract(epoch from clock_timestamp()) * 1000000)::bigint`;
  while ((await query(url, early)).length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
