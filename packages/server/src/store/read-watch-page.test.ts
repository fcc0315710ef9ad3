import { beforeAll, describe, expect, it } from 'vitest';
import { deposit, initializeBranch, openAccount } from '../ledger/commands.fixture.js';
import { bankDatabase, contents, openReads, transact } from './bank-database.fixture.js';
import { PostgresStore } from './postgres-store.js';
import { glanceAtHeads, readWatchPage } from './read-watch-page.js';

const ann = { branch: 1, serial: 1 };

let url: string;

beforeAll(async () => {
  url = await bankDatabase(initializeBranch(1, 1n), openAccount(1, 'ann'), initializeBranch(2, 1n));
  const store = new PostgresStore(url);
  for (let n = 0; n < 3; n++) await transact(store, deposit(ann, 1n), deposit(ann, 2n));
  await store.close();
});

async function journal() {
  const { branches, entries } = await contents(url);
  const { position, headHash: hash } = branches.find(({ id }) => id === 1)!;
  return { head: { position, hash }, entries: entries.filter(({ branch }) => branch === 1) };
}

describe('a page of a watch', () => {
  it('begins just after a place, with the seals, and says how far the journal had got', async () => {
    const { head, entries } = await journal();
    const database = openReads(url);
    for (let after = 0; after <= entries.length; after++) {
      const page = await readWatchPage(database, { branch: 1, after, seal: undefined }, 4);
      expect(page).toEqual({ head, entries: entries.slice(after, after + 4) });
    }
  });

  it('is refused beyond the end of the journal, and of no branch', async () => {
    const { head } = await journal();
    const database = openReads(url);
    const beyond = { branch: 1, after: head.position + 1, seal: undefined };
    await expect(readWatchPage(database, beyond, 4)).rejects.toMatchObject({ reason: 'POSITION_NOT_FOUND' });
    const nowhere = { branch: 3, after: 0, seal: undefined };
    await expect(readWatchPage(database, nowhere, 4)).rejects.toMatchObject({ reason: 'BRANCH_NOT_FOUND' });
  });

  it('is refused if the journal does not have the seal that was seen, even if it is longer (trap 2)', async () => {
    const { entries } = await journal();
    const database = openReads(url);
    const place = { branch: 1, after: entries[4]!.position, seal: entries[4]!.seal! };
    expect((await readWatchPage(database, place, 4)).entries).toHaveLength(4);
    const { position, hash } = place.seal;
    const otherHash = Buffer.from(hash.map((byte) => byte ^ 1));
    for (const seal of [
      { position, hash: otherHash },
      { position: position - 1, hash },
    ]) {
      await expect(readWatchPage(database, { ...place, seal }, 4)).rejects.toMatchObject({
        reason: 'JOURNAL_DIVERGED',
        metadata: { branch: '1', position: String(seal.position) },
      });
    }
  });
});

it('the ends of several journals are seen at a glance', async () => {
  const { head } = await journal();
  expect(await glanceAtHeads(openReads(url), [1, 2, 3])).toEqual(
    new Map([
      [1, head.position],
      [2, 4],
    ]),
  );
});
