import { describe, expect, it, vi } from 'vitest';
import { Client, type QueryConfig } from 'pg';
import { query } from '../../test-support/database.js';
import {
  captureHold,
  closeBranch,
  deposit,
  group,
  initializeBranch,
  openAccount,
  placeHold,
  reverseGroup,
  reverseTransfer,
  seedDeposit,
  transfer,
  withdraw,
} from '../ledger/commands.fixture.js';
import {
  bankDatabase,
  brokenRules,
  contents,
  openSession,
  openStore,
  optimistically,
  transact,
} from './bank-database.fixture.js';
import { MARK_INTERVAL } from './posting-chains.js';

const ann = { branch: 1, serial: 1 };
const eve = { branch: 2, serial: 1 };

function bank(): Promise<string> {
  return bankDatabase(
    initializeBranch(1, 0n),
    initializeBranch(2, 0n),
    openAccount(1, 'ann'),
    openAccount(2, 'eve'),
    deposit(ann, 100n),
  );
}

describe('the fence', () => {
  it('aborts the whole commit, other branches included, if one branch has moved (trap 3)', async () => {
    const url = await bank();
    const store = openStore(url);
    await optimistically(store, transfer(ann, eve, 5n));
    // Another server writes to branch 2, of which this one does not hear.
    await transact(openStore(url), deposit(eve, 1n));
    const before = await contents(url);
    await expect(optimistically(store, transfer(ann, eve, 5n), deposit(ann, 1n))).rejects.toMatchObject({
      failure: 'conflict',
    });
    expect(await contents(url)).toEqual(before);
    expect(await transact(store, deposit(ann, 1n))).toMatchObject([{ kind: 'applied' }]);
  });
});

describe('the fence, after the database was restored from a backup', () => {
  it('knows a position that has come back by its head hash (trap 2)', async () => {
    const url = await bank();
    const store = openStore(url);
    await optimistically(store, transfer(ann, eve, 5n));
    // Another history of branch 2 that has come to the same position.
    await query(url, 'update branches set head_hash = sha256(head_hash) where branch_id = 2');
    const before = await contents(url);
    const failing = optimistically(store, transfer(ann, eve, 5n), deposit(ann, 1n));
    await expect(failing).rejects.toMatchObject({ failure: 'conflict' });
    expect(await contents(url)).toEqual(before);
  });
});

describe('a position', () => {
  it('cannot be taken twice, nor an id (R5, R8)', async () => {
    const url = await bank();
    const copy = (columns: string) =>
      query(
        url,
        `insert into entries (branch_id, position, time_micros, write_id, ordinal, kind, digest)
         select branch_id, ${columns}, kind, digest from entries where branch_id = 1 and position = 1`,
      );
    await expect(copy('position, time_micros, gen_random_uuid(), ordinal')).rejects.toThrow('entries_pkey');
    await expect(copy('99, time_micros, write_id, ordinal')).rejects.toThrow('entries_by_write');
  });
});

describe('a statement of the write path', () => {
  it('names the branch in every table that it touches, and locks one branch at a time (trap 5)', async () => {
    const url = await bank();
    const statements = await statementsOf(() => everyKindOfWrite(url));
    // Some differ by the columns that have anything in them, or by what is joined.
    const names = statements.map(({ name }) => name.replace(/^joined-.*/, 'joined').replace(/-[01]+$/, ''));
    expect([...new Set(names)].sort()).toEqual([
      'accounts',
      'clock',
      'customers',
      'due-holds',
      'groups',
      'holds',
      'insert-accounts',
      'insert-entries',
      'insert-holds',
      'insert-posting_marks',
      'insert-seals',
      'internal-accounts',
      'joined',
      'known-accounts',
      'known-branches',
      'known-clock',
      'lock',
      'referred-groups',
      'referred-writes',
      'reversals',
      'stand-in',
      'update-accounts',
      'update-holds',
      'writes',
    ]);
    const written = statements.flatMap(({ text }) => [...text.matchAll(/(insert into|update) (\w+)/g)]);
    expect(new Set(written.map(([, verb, table]) => `${verb} ${table}`))).toEqual(
      new Set([
        ...['accounts', 'branches', 'entries', 'holds', 'posting_marks', 'seals'].map(
          (table) => `insert into ${table}`,
        ),
        ...['accounts', 'branches', 'holds'].map((table) => `update ${table}`),
      ]),
    );
    const session = await openSession(url);
    await session.query('set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off');
    for (const { text } of statements) {
      if (text.includes('for update')) expect(text).toMatch(/where branch_id = \$1 for update$/);
      for (const [, columns] of text.matchAll(/insert into \w+ \((.*?)\)/gs)) {
        expect(columns).toMatch(/^branch_id,/);
      }
      expect(text.match(/update branches/g) ?? [], text).not.toHaveLength(2);
      const { rows } = await session.query<Plan>(`explain (generic_plan, format json) ${text}`);
      for (const scan of scansOf(rows[0]!['QUERY PLAN'])) {
        expect(scan['Index Cond'] ?? scan['Recheck Cond'], text).toContain('branch_id');
        // Holds that are not due yet are not read, however many they are.
        if (text.includes('h.expires_micros <=') && scan['Relation Name'] === 'holds') {
          expect(scan['Index Cond'] ?? scan['Recheck Cond'], text).toContain('expires_micros');
        }
      }
    }
  });

  it('uses nothing that a distributed PostgreSQL lacks (design §3)', async () => {
    const url = await bank();
    const texts = await textsOf(() => everyKindOfWrite(url));
    for (const text of texts) {
      expect(text).not.toMatch(/advisory|nextval|notify|listen|any\(.*for update|unnest.*for update/is);
    }
    const { rows } = await (
      await openSession(url)
    ).query(
      `select conname from pg_constraint where contype = 'f'
       union all select tgname from pg_trigger where not tgisinternal
       union all select relname from pg_class where relkind = 'S'`,
    );
    expect(rows).toEqual([]);
  });

  it('is sent once for any number of rows', async () => {
    const url = await bank();
    const texts = await textsOf(() =>
      transact(
        openStore(url),
        ...Array.from({ length: 300 }, (_, index) => transfer(ann, eve, BigInt(index % 2) + 1n)),
      ),
    );
    expect(texts.length).toBeLessThan(20);
    expect(await brokenRules(url)).toEqual([]);
  });
});

/** Writes that make the write path send every statement that it has. */
async function everyKindOfWrite(url: string): Promise<void> {
  const store = openStore(url);
  const [hold, moved] = [placeHold(ann, eve, 5n), transfer(ann, eve, 5n)];
  const members = group([transfer(ann, eve, 1n), transfer(eve, ann, 1n)]);
  await transact(
    store,
    initializeBranch(3, 5n),
    openAccount(1, 'bob'),
    withdraw(ann, 5n),
    seedDeposit(20, 5n),
    seedDeposit(3, 5n),
    ...[hold, moved, members],
  );
  await transact(store, captureHold(2, hold), reverseTransfer(2, moved), reverseGroup(1, members));
  await transact(store, closeBranch(3));
  await optimistically(
    openStore(url),
    ...Array.from({ length: MARK_INTERVAL }, () => transfer(ann, eve, 1n)),
  );
}

/** The prepared statements that are sent to the database meanwhile, each once. */
async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const queries = vi.spyOn(Client.prototype, 'query');
  try {
    await work();
    const sent = queries.mock.calls.map(([config]) => config as string | QueryConfig);
    const named = sent.flatMap((config) => {
      if (typeof config === 'string' || config.name === undefined) return [];
      return [[config.name, { name: config.name, text: config.text }] as const];
    });
    return [...new Map(named).values()];
  } finally {
    queries.mockRestore();
  }
}

/** The texts of everything that is sent to the database meanwhile. */
async function textsOf(work: () => Promise<unknown>): Promise<string[]> {
  const queries = vi.spyOn(Client.prototype, 'query');
  try {
    await work();
    return queries.mock.calls.map(([sent]) => {
      const config = sent as string | QueryConfig;
      return typeof config === 'string' ? config : config.text;
    });
  } finally {
    queries.mockRestore();
  }
}

interface Statement {
  readonly name: string;
  readonly text: string;
}

interface Plan {
  'QUERY PLAN': unknown;
}

/** The nodes of a plan that read one of the tables. */
function scansOf(plan: unknown): Record<string, unknown>[] {
  if (Array.isArray(plan)) return plan.flatMap(scansOf);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Record<string, unknown>;
  const scans =
    String(node['Node Type']).includes('Scan') && node['Relation Name'] !== undefined ? [node] : [];
  return [...scans, ...Object.values(node).flatMap(scansOf)];
}
