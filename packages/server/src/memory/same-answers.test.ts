/** Whoever asks finds no difference between books in PostgreSQL and in memory: entries, seals, and every answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newWriteId } from '@giro/sdk/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../ledger/command.js';
import { deposit, transfer } from '../ledger/commands.fixture.js';
import type { Entry } from '../ledger/entry.js';
import { executeBatch } from '../ledger/execute-batch.js';
import type { Outcome } from '../ledger/execute.js';
import { everything } from '../ledger/sealed-journal.fixture.js';
import { placeHold } from '../model/model-commands.fixture.js';
import { RequestError } from '../request-error.js';
import { bankDatabase, contents } from '../store/bank-database.fixture.js';
import { openDatabase, type Database } from '../store/database.js';
import { postgresReads } from '../store/postgres-reads.js';
import { PostgresStore } from '../store/postgres-store.js';
import type { Reads } from '../store/reads.js';
import { MemoryBooks } from './memory-books.js';
import { memoryReads } from './memory-reads.js';

const ann = { branch: 3, serial: 1 };
const bob = { branch: 3, serial: 2 };
const eve = { branch: 10, serial: 1 };

/** What the last hold, which nothing has settled yet, is due after. */
const SHORT_MS = 1;

const books = new MemoryBooks();
const memory = memoryReads(books, () => Date.now() * 1_000);
let url: string;
let database: Database;
let postgres: Reads;
let entries: readonly Entry[];

beforeAll(async () => {
  url = await bankDatabase();
  const store = new PostgresStore(url);
  // Enough for chains of postings with marks, and pages within them.
  const traffic = Array.from({ length: 40 }, (_, n) => [
    transfer(ann, bob, 1n),
    transfer(eve, ann, BigInt(n + 1)),
  ]);
  const due = placeHold(ann, eve, 3n, SHORT_MS);
  for (const batch of [...everything(), [deposit(ann, 400n), deposit(eve, 1_000n)], ...traffic, [due]]) {
    await applyToBoth(store, batch);
    await sleep(SHORT_MS * 2);
  }
  await store.close();
  database = openDatabase(url, () => undefined);
  postgres = postgresReads(database, url);
  ({ entries } = await contents(url));
});

afterAll(() => database.close());

/** Decides the same commands at the same time on the same state: what comes of it must be the same, bit by bit. */
async function applyToBoth(store: PostgresStore, commands: readonly Command[]): Promise<void> {
  let clockMicros = 0;
  const told: Outcome[] = [];
  await store.transact(commands, (loaded) => {
    ({ clockMicros } = loaded);
    const executed = executeBatch(loaded.books, commands, clockMicros);
    told.push(...executed.outcomes);
    return executed.changes;
  });
  books.transact(commands, clockMicros, (loaded) => {
    const executed = executeBatch(loaded, commands, clockMicros);
    expect(executed.outcomes).toEqual(told);
    return executed.changes;
  });
}

test('the books are the same: branches, accounts, holds, entries and seals (R8, R9)', async () => {
  const kept = await contents(url);
  const own = [...books.branches.values()].sort((a, b) => a.state.id - b.state.id);
  expect(own.map(({ state }) => state)).toEqual(kept.branches);
  const accounts = own.flatMap((branch) => [...branch.accounts.values()].sort((a, b) => a.serial - b.serial));
  expect(accounts).toEqual(kept.accounts);
  const holds = own.flatMap((branch) => [...branch.holds.values()].sort((a, b) => a.position - b.position));
  expect(holds).toEqual(kept.holds);
  expect(own.flatMap((branch) => branch.entries)).toEqual(kept.entries);
  const seals = own.flatMap((branch) => branch.seals);
  expect(seals.map(({ previous: _, ...seal }) => seal)).toEqual(kept.seals);
});

/** Branch 4 is not there. */
const BRANCHES = [3, 4, 5, 10];

const SERIALS = [1, 2, 77, ...[4_000_000_840, 6_840_000_010]];

const LIMITS = [1, 7, 1_000];

/** Questions of every sort, of what there is and of what there is not. */
const questions: Record<string, () => readonly ((reads: Reads) => Promise<unknown>)[]> = {
  'an account': () => accountRefs().map((ref) => (reads) => reads.account(ref)),
  'accounts by the page': () =>
    [undefined, 'ann', 'nobody'].flatMap((customer) =>
      [0, 1, 4_000_000_840].flatMap((after) =>
        cross(BRANCHES, LIMITS).flatMap(([branch, limit]) =>
          [true, false].map(
            (includeInternal) => (reads: Reads) =>
              reads.accounts({ branch, customer, includeInternal, after, limit }),
          ),
        ),
      ),
    ),
  "a customer of the seed's": () => [
    (reads) => reads.seedAccount([0, 10], 'seed:20'),
    (reads) => reads.seedAccount([0, 10], 'seed:30'),
    (reads) => reads.seedAccount([4], 'seed:20'),
  ],
  'balances now': () => [
    (reads) => reads.balances([ann, eve, bob, ann]),
    ...accountRefs().map((ref) => (reads: Reads) => reads.balances([ann, ref])),
  ],
  'balances at a position': () =>
    cross(accountRefs(), positions()).map(
      ([ref, position]) =>
        (reads) =>
          reads.balancesAt([ref], { position }),
    ),
  'balances at a time': () =>
    times().map((timeMicros) => (reads) => reads.balancesAt([ann, bob, eve], { timeMicros })),
  branches: () => [
    ...BRANCHES.map((branch) => (reads: Reads) => reads.branch(branch)),
    ...cross([-1, 3, 10], LIMITS).map(
      ([after, limit]) =>
        (reads: Reads) =>
          reads.branches(after, limit),
    ),
    (reads) => reads.someBranchExists([4, 10]),
    (reads) => reads.someBranchExists([4]),
    (reads) => reads.branchesWithDueHolds().then((due) => due.toSorted((a, b) => a - b)),
  ],
  groups: () =>
    cross(BRANCHES, ids()).map(
      ([branch, id]) =>
        (reads) =>
          reads.group(branch, id),
    ),
  'a hold': () =>
    cross(BRANCHES, ids()).map(
      ([branch, id]) =>
        (reads) =>
          reads.hold(branch, id),
    ),
  'holds of an account': () =>
    cross(accountRefs(), LIMITS).flatMap(([ref, limit]) =>
      cross([true, false], [0, 9]).map(
        ([includeResolved, after]) =>
          (reads: Reads) =>
            reads.holds({ ...ref, includeResolved, after, limit }),
      ),
    ),
  'what branches owe each other': () =>
    cross([undefined, ...BRANCHES], [undefined, { branch: 3, peer: 5, currency: 'USD' }]).flatMap(
      ([branch, after]) =>
        LIMITS.map((limit) => (reads: Reads) => reads.interbranchPositions({ branch, after, limit })),
    ),
  'entries by the page': () =>
    cross(BRANCHES, LIMITS).flatMap(([branch, limit]) =>
      positions().map((after) => (reads: Reads) => reads.entries(branch, after, limit)),
    ),
  'proofs of inclusion': () =>
    cross(BRANCHES, positions()).map(
      ([branch, position]) =>
        (reads) =>
          reads.provenEntry(branch, Math.max(position, 1)),
    ),
  'statements by the page': () =>
    cross([ann, eve, { branch: 3, serial: 77 }, { branch: 4, serial: 1 }], bounds()).flatMap(
      ([ref, { from, to }]) =>
        cross([true, false], [undefined, 30]).map(([newestFirst, after]) => async (reads: Reads) => {
          const page = await reads.statement({ ...ref, from, to, newestFirst, after, limit: 7 });
          // A statement does not tell of seals.
          return { ...page, lines: page.lines.map((line) => ({ ...line, seal: undefined })) };
        }),
    ),
  transfers: () => [
    ...BRANCHES.map((branch) => (reads: Reads) => reads.transfers(ids().map((id) => ({ branch, id })))),
  ],
  'trial balances': () => [
    ...BRANCHES.map((branch) => (reads: Reads) => reads.trialBalance(branch)),
    async (reads) => ({ ...(await reads.bankTrialBalance()), timeMicros: undefined }),
  ],
  'what a watch gets': () =>
    cross(BRANCHES, positions()).flatMap(([branch, after]) => [
      (reads: Reads) => reads.watchPage({ branch, after, seal: undefined }, 7),
      (reads: Reads) => reads.watchPage({ branch, after, seal: sealAt(branch, after) }, 7),
      (reads: Reads) =>
        reads.watchPage({ branch, after, seal: { position: after, hash: Buffer.alloc(32) } }, 7),
    ]),
  'the ends of journals': () => [(reads) => reads.glanceAtHeads(BRANCHES).then((heads) => [...heads].sort())],
  'a verification': () =>
    BRANCHES.flatMap((branch) =>
      [undefined, sealAt(branch, 3), { position: 3, hash: Buffer.alloc(32, 1) }].map(
        (trusted) => (reads: Reads) => all(reads.verification(branch, trusted)),
      ),
    ),
};

describe('both answer the same to questions about', () => {
  test.each(Object.entries(questions))('%s', async (_what, asked) => {
    let answered = 0;
    for (const ask of asked()) {
      const expected = await told(ask(postgres));
      expect(await told(ask(memory))).toEqual(expected);
      answered += 'answer' in expected ? 1 : 0;
    }
    // A comparison of refusals alone would prove little.
    expect(answered).toBeGreaterThan(0);
  });
});

type Told = { readonly answer: unknown } | Pick<RequestError, 'reason' | 'metadata'>;

async function told(answer: Promise<unknown>): Promise<Told> {
  try {
    return { answer: await answer };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { reason: error.reason, metadata: error.metadata };
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

function accountRefs() {
  return cross(BRANCHES, SERIALS).map(([branch, serial]) => ({ branch, serial }));
}

/** Around the beginning, in the middle, and beyond the end of the journals. */
function positions(): number[] {
  return [0, 1, 2, 5, 9, 33, 64, 65, 90, 10_000];
}

/** Before, at, between and after the times of entries. */
function times(): bigint[] {
  const some = entries.filter((_, index) => index % 9 === 0).map(({ timeMicros }) => BigInt(timeMicros));
  return [0n, ...some.flatMap((time) => [time - 1n, time, time + 1n]), 2n ** 62n];
}

function bounds() {
  const byPosition = [undefined, ...[1, 9, 64].map((position) => ({ position }))];
  const byTime = times()
    .filter((_, index) => index % 20 === 0)
    .map((timeMicros) => ({ timeMicros }));
  const both = [...byPosition, ...byTime];
  return [...cross(both, both), [undefined, { position: 10_000 }] as const].map(([from, to]) => ({
    from,
    to,
  }));
}

/** Of all writes, and one of none. */
function ids(): string[] {
  return [...new Set(entries.flatMap(({ writeId, group }) => [writeId, group?.id ?? writeId])), newWriteId()];
}

function sealAt(branch: number, position: number) {
  return entries.find((entry) => entry.branch === branch && entry.position >= position)?.seal;
}

function cross<A, B>(as: readonly A[], bs: readonly B[]): (readonly [A, B])[] {
  return as.flatMap((a) => bs.map((b) => [a, b] as const));
}
