/** What an operator runs by hand: schema, proof, and the move to another database. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newWriteId } from '@giro/sdk/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { emptyDatabase, query } from '../../test-support/database.js';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../embedded.js';
import { initialize, open, startTestBank, usd } from '../grpc/bank.fixture.js';
import { contents } from '../store/bank-database.fixture.js';
import { addCitus } from '../store/citus.fixture.js';
import { BANK_TABLES, BOOK_TABLES } from '../store/tables.js';
import { runTask } from './run-task.js';
import type { OperatorTask } from './tasks.js';

async function run(task: OperatorTask) {
  const lines: string[] = [];
  const isWell = await runTask(task, (line) => lines.push(line), new AbortController().signal);
  return { isWell, lines };
}

const migrate = (databaseUrl: string) => run({ kind: 'migrate', databaseUrl, databaseWaitMs: 0 });
const verify = (databaseUrl: string) => run({ kind: 'verify', databaseUrl, dataDir: '' });

/** Two branches, an account with metadata and cents, a transfer between them, a hold and a refusal. */
async function keepBooks(databaseUrl: string): Promise<void> {
  const bank = await startTestBank({ databaseUrl });
  await initialize(bank, 1);
  await initialize(bank, 2);
  const [from, to] = [(await open(bank, 1, 'ålice "quoted"')).id, (await open(bank, 2, 'bob')).id];
  await bank.deposit({ id: newWriteId(), to: from, amount: usd(9_007_199_254_740_993n % 90_000n) });
  await bank.transfer({ id: newWriteId(), from, to, amount: usd(7n) });
  await bank.placeHold({ id: newWriteId(), from, to, amount: usd(3n) });
  await bank.transfer({ id: newWriteId(), from: to, to: from, amount: usd(700n) }).catch(() => undefined);
  await bank.close();
}

test('migrate makes the schema on an empty database, tells so, and may be run again', async () => {
  const url = await emptyDatabase();
  for (const { isWell, lines } of [await migrate(url), await migrate(url)])
    expect([isWell, lines]).toEqual([true, ['the schema is up to date']]);
  const tables = await query<{ name: string }>(
    url,
    `select tablename as name from pg_tables where schemaname = 'public' order by name`,
  );
  // Each table is known to `move` and to Citus.
  expect(tables.map(({ name }) => name)).toEqual([...BOOK_TABLES, ...BANK_TABLES].sort());
});

test('verify proves all branches, and tells by its exit what does not fit and where (R9)', async () => {
  const url = await emptyDatabase();
  await keepBooks(url);
  const good = await verify(url);
  expect(good.isWell).toBe(true);
  expect(good.lines.at(-1)).toBe('2 branches verified: all fits');
  await query(url, 'update entries set amount = amount + 1 where branch_id = 2 and kind = $1', ['posting']);
  const bad = await verify(url);
  expect(bad.isWell).toBe(false);
  expect(bad.lines.join('\n')).toMatch(
    /branch 1: fits up to \d+, head [0-9a-f]{64}\nbranch 2: DOES NOT FIT at \d+: /,
  );
  expect(bad.lines.at(-1)).toBe('1 of 2 branches do not fit');
});

test('move takes embedded books to another database whole, verifies them, and they go on there', async () => {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), 'giro-move-')));
  onTestFinished(async () => {
    await removeEmbeddedPostgres(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });
  const embedded = await startEmbeddedPostgres({ dataDir });
  await keepBooks(embedded.url);
  const before = await contents(embedded.url);
  const to = await emptyDatabase();
  await expect(run({ kind: 'move', from: dataDir, to })).rejects.toThrow('in use');
  await embedded.stop();

  const { isWell, lines } = await run({ kind: 'move', from: dataDir, to });
  expect(isWell).toBe(true);
  expect(lines).toContain('2 branches verified: all fits');
  expect(await contents(to)).toEqual(before);
  const bank = await startTestBank({ databaseUrl: to });
  await initialize(bank, 3);
  await bank.close();
  expect((await verify(to)).isWell).toBe(true);

  await expect(run({ kind: 'move', from: dataDir, to })).rejects.toThrow('has books already');
}, 60_000);

test('a data directory without books is not made', async () => {
  const from = join(tmpdir(), `giro-nothing-${process.pid}`);
  await expect(run({ kind: 'move', from, to: 'postgresql://localhost:1/x' })).rejects.toThrow(
    `there are no books in ${from}`,
  );
});

test('where Citus is, migrate spreads every table by branch, beside the branches, once', async () => {
  const url = await emptyDatabase();
  await addCitus(url);
  const first = await migrate(url);
  expect(first.lines.at(-1)).toBe(
    `spread over the nodes of Citus: ${[...BOOK_TABLES, ...BANK_TABLES].join(', ')}`,
  );
  expect((await migrate(url)).lines).toEqual(['the schema is up to date']);
  const calls = await query<{ how: string }>(url, 'select how from pg_dist_partition order by called');
  expect(calls.map(({ how }) => how)).toEqual([
    'branches by branch_id',
    ...BOOK_TABLES.slice(1).map((table) => `${table} by branch_id with branches`),
    ...BANK_TABLES.map((table) => `${table} everywhere`),
  ]);
});
