import { beforeAll, describe, expect, it } from 'vitest';
import {
  captureHold,
  deposit,
  expireHolds,
  initializeBranch,
  notes,
  openAccount,
  placeHold,
  releaseHold,
} from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { bankDatabase, contents, openReads, openStore, transact } from './bank-database.fixture.js';
import { readAccount, readAccounts } from './read-accounts.js';
import { readHold, readHolds, type HoldFilter } from './read-holds.js';

const HOUR_MS = 3_600_000;

const ann = { branch: 1, serial: 1 };
const bob = { branch: 1, serial: 2 };
const eve = { branch: 2, serial: 1 };
const idle = { branch: 2, serial: 2 };

const near = placeHold(ann, bob, 5n, { notes: notes('table for two', { booking: 'b-1' }) });
const far = placeHold(ann, eve, 7n, { expiresInMs: HOUR_MS });
const captured = placeHold(ann, eve, 9n);
const capture = captureHold(2, captured, 4n);
const released = placeHold(bob, ann, 2n);
const release = releaseHold(1, released);

let url: string;

beforeAll(async () => {
  url = await bankDatabase(
    ...[initializeBranch(1, 0n), initializeBranch(2, 0n)],
    ...[openAccount(1, 'ann'), openAccount(1, 'bob'), openAccount(2, 'eve'), openAccount(2, 'idle')],
    ...[deposit(ann, 100n), deposit(bob, 10n)],
    ...[near, far, captured, capture, released, release],
  );
});

/** A bank with a hold between its branches that is due, and nothing written since. */
async function bankWithDueHold() {
  const url = await bankDatabase(
    ...[initializeBranch(1, 0n), initializeBranch(2, 0n), openAccount(1, 'ann'), openAccount(2, 'eve')],
    deposit(ann, 100n),
  );
  const hold = placeHold(ann, eve, 3n, { expiresInMs: 1 });
  await transact(openStore(url), hold);
  const database = openReads(url);
  await expect.poll(async () => (await readHold(database, 1, hold.id)).status).toBe('expired');
  return { url, database, hold };
}

describe('a hold', () => {
  it.each([
    ['is held', near, { from: ann, to: bob, amount: 5n, status: 'held', expiresMicros: undefined }],
    ['is held between branches', far, { from: ann, to: eve, amount: 7n, status: 'held' }],
    [
      'was captured',
      captured,
      { from: ann, to: eve, amount: 9n, status: 'captured', captured: 4n, resolvedBy: capture.id },
    ],
    ['was released', released, { from: bob, to: ann, status: 'released', resolvedBy: release.id }],
  ])('says that it %s', async (_what, { id }, expected) => {
    const unresolved = { captured: undefined, resolvedBy: undefined };
    expect(await readHold(openReads(url), 1, id)).toMatchObject({ id, ...unresolved, ...expected });
  });

  it('names where and when it was placed, with the seal, and what was noted then', async () => {
    const { entries } = await contents(url);
    for (const { id } of [near, far]) {
      const isPlacing = ({ writeId, change }: Entry) => writeId === id && change.kind === 'holdPlaced';
      const { position, timeMicros, seal, notes: kept, change } = entries.find(isPlacing)!;
      expect(await readHold(openReads(url), 1, id)).toMatchObject({
        ...{ branch: 1, position, placedMicros: timeMicros, seal, notes: kept },
        expiresMicros: change.kind === 'holdPlaced' ? change.expiresMicros : 0,
      });
    }
  });

  it('between branches is the same in both, but for its place', async () => {
    const database = openReads(url);
    const [here, there] = [
      await readHold(database, 1, captured.id),
      await readHold(database, 2, captured.id),
    ];
    expect(there).toEqual({ ...here, branch: 2, position: there.position, seal: there.seal });
  });

  it('is found in its branches only', async () => {
    const database = openReads(url);
    await expect(readHold(database, 2, near.id)).rejects.toMatchObject({
      reason: 'HOLD_NOT_FOUND',
      metadata: { branch: '2', hold: near.id },
    });
    await expect(readHold(database, 1, capture.id)).rejects.toMatchObject({ reason: 'HOLD_NOT_FOUND' });
    await expect(readHold(database, 3, near.id)).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });
});

describe('a hold that is due', () => {
  it('is expired, and reserves nothing, though no entry says so yet (trap 15)', async () => {
    const { url, database, hold } = await bankWithDueHold();
    for (const branch of [1, 2]) {
      expect(await readHold(database, branch, hold.id)).toMatchObject({ status: 'expired' });
    }
    expect(await readAccount(database, ann)).toMatchObject({ heldDebits: 0n, postedCredits: 100n });
    expect(await readAccount(database, eve)).toMatchObject({ heldCredits: 0n });
    const listed = await readAccounts(database, {
      ...{ branch: 1, customer: undefined, includeInternal: true, after: 0, limit: 100 },
    });
    expect(listed.every(({ heldDebits, heldCredits }) => heldDebits === 0n && heldCredits === 0n)).toBe(true);
    const stored = await contents(url);
    expect(stored.holds.map(({ status }) => status)).toEqual(['held', 'held']);
    expect(stored.accounts.filter(({ heldDebits }) => heldDebits === 3n)).toHaveLength(2);
    expect(await listOf(database, { ...ann, includeResolved: false })).toEqual([]);
    expect(await listOf(database, { ...ann, includeResolved: true })).toEqual([hold.id]);
  });

  it('reads the same once an entry says so', async () => {
    const { url, database, hold } = await bankWithDueHold();
    const before = [await readHold(database, 1, hold.id), (await readAccount(database, ann)).heldDebits];
    await transact(openStore(url), expireHolds(1));
    expect((await contents(url)).holds.map(({ status }) => status)).toEqual(['expired', 'held']);
    expect([await readHold(database, 1, hold.id), (await readAccount(database, ann)).heldDebits]).toEqual(
      before,
    );
  });
});

/** Follows the pages to the end. */
async function listOf(
  database: ReturnType<typeof openReads>,
  filter: Omit<HoldFilter, 'after' | 'limit'>,
  limit = 1,
): Promise<string[]> {
  const ids: string[] = [];
  for (let after = 0; ;) {
    const page = await readHolds(database, { ...filter, after, limit });
    ids.push(...page.map(({ id }) => id));
    if (page.length < limit) return ids;
    after = page.at(-1)!.position;
  }
}

describe("an account's holds", () => {
  it.each([
    [ann, true, [near, far, captured, released]],
    [ann, false, [near, far]],
    [bob, true, [near, released]],
    [eve, true, [far, captured]],
    [eve, false, [far]],
    [idle, true, []],
  ])(
    'of account %o are those given and those to be received, oldest first (resolved ones too: %s)',
    async (account, includeResolved, holds) => {
      const database = openReads(url);
      const ids = holds.map(({ id }) => id);
      for (const limit of [1, 2, 100]) {
        expect(await listOf(database, { ...account, includeResolved }, limit)).toEqual(ids);
      }
    },
  );

  it('are an error of no account and of no branch', async () => {
    const database = openReads(url);
    const rest = { includeResolved: true, after: 0, limit: 1 };
    await expect(readHolds(database, { branch: 1, serial: 9, ...rest })).rejects.toMatchObject({
      reason: 'ACCOUNT_NOT_FOUND',
    });
    await expect(readHolds(database, { branch: 3, serial: 1, ...rest })).rejects.toMatchObject({
      reason: 'BRANCH_NOT_FOUND',
    });
  });
});
