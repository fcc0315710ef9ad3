import type { Client } from 'pg';
import type { JournalHead } from '../ledger/seal.js';
import { prepareDatabase } from '../prepare-database.js';
import { StartError } from '../start-error.js';
import { DatabaseClient } from '../store/database-client.js';
import { BOOK_TABLES } from '../store/tables.js';
import type { Tell } from './run-task.js';
import { verifyBooks } from './verify-books.js';

/** Rows copied at once: some megabytes. */
const PAGE_ROWS = 2_000;

/** How often to tell how far the copy has got. */
const PROGRESS_INTERVAL_MS = 2_000;

/** How long one page may take to be read or written. */
const STATEMENT_TIMEOUT_MS = 120_000;

/**
 * Copies all books from one database to another that has none, in one transaction, and then verifies each branch there
 * against the seal with which it ends here. What it copies from stays as it is.
 *
 * @returns whether what was copied fits
 * @throws {@link StartError} if a database cannot be used, or the one to move to has books already
 */
export async function moveBooks(from: string, to: string, tell: Tell, signal: AbortSignal): Promise<boolean> {
  // Both have the same schema from here on.
  await prepareDatabase(from);
  await prepareDatabase(to);
  const [source, target] = [clientOf(from), clientOf(to)];
  await Promise.all([source.connect(), target.connect()]);
  try {
    await source.query('begin isolation level repeatable read read only');
    await target.query('begin');
    // Nobody else begins to keep books here meanwhile.
    await target.query('lock table branches in share row exclusive mode');
    await assertEmpty(target);
    const heads = await readHeads(source);
    for (const table of BOOK_TABLES) await copyTable(table, source, target, tell, signal);
    await target.query('commit');
    tell('copied; now everything is verified where it is');
    const fits = await verifyBooks(to, tell, signal, heads);
    tell(fits ? 'the books have moved: start servers on the new database only' : FAILED);
    return fits;
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}

const FAILED =
  'what was copied does not fit: start no server on it, and ask why; the old books are as they were';

function clientOf(url: string): Client {
  const client = new DatabaseClient({
    connectionString: url,
    application_name: 'giro-move',
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  // A lost connection fails the statement under way.
  client.on('error', () => undefined);
  return client;
}

async function assertEmpty(target: Client): Promise<void> {
  for (const table of BOOK_TABLES) {
    const { rowCount } = await target.query(`select 1 from ${table} limit 1`);
    if (rowCount === 0) continue;
    throw new StartError(`the database to move to has books already (table ${table}): give an empty one`);
  }
}

async function readHeads(source: Client): Promise<ReadonlyMap<number, JournalHead>> {
  const { rows } = await source.query<{ branch_id: number; position: string; head_hash: Buffer }>(
    'select branch_id, position, head_hash from branches where position > 0',
  );
  return new Map(
    rows.map(({ branch_id, position, head_hash }) => [
      branch_id,
      { position: Number(position), hash: head_hash },
    ]),
  );
}

/** Rows travel as the JSON text that PostgreSQL makes and reads: no number of theirs is ever one of JavaScript's. */
async function copyTable(
  table: string,
  source: Client,
  target: Client,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  await source.query(`declare page no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
  let copied = 0;
  let tellAtMs = performance.now() + PROGRESS_INTERVAL_MS;
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await source.query<{ row: string }>(`fetch ${PAGE_ROWS} from page`);
    if (rows.length === 0) break;
    const json = `[${rows.map(({ row }) => row).join(',')}]`;
    const { rowCount } = await target.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`,
      [json],
    );
    if (rowCount !== rows.length)
      throw new Error(`${rows.length} rows of ${table} became ${String(rowCount)}`);
    copied += rows.length;
    if (performance.now() < tellAtMs) continue;
    tellAtMs = performance.now() + PROGRESS_INTERVAL_MS;
    tell(`${table}: ${copied} rows so far`);
  }
  await source.query('close page');
  tell(`${table}: ${copied} rows`);
}
