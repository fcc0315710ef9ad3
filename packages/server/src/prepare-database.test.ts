import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { emptyDatabase, query } from '../test-support/database.js';
import { prepareDatabase } from './prepare-database.js';
import { StartError } from './start-error.js';

test.each([
  ['mysql://somebody:secret-word@localhost/books', 'DATABASE_URL cannot be used: it is no PostgreSQL URL'],
  ['localhost:5432', 'DATABASE_URL cannot be used: it is no PostgreSQL URL'],
  ['postgresql://somebody:secret-word@localhost:port/books', 'DATABASE_URL cannot be used: Invalid URL'],
  ['postgresql://somebody:secret-word@localhost:1/books', 'the database at localhost:1 cannot be used: '],
  ['postgresql://somebody:secret-word@nowhere.invalid/books', 'the database at nowhere.invalid:5432'],
])('%s is refused in one sentence that keeps the password', async (url, sentence) => {
  const error = await startError(url);
  expect(error.message).toContain(sentence);
  expect(error.message).toMatch(/DATABASE_URL/);
  expect(error.message).not.toMatch(/: ;|\n/);
  expect(inspect(error, { depth: 10 })).not.toContain('secret-word');
});

test('a password that is not right, or a database that is not there', async () => {
  const url = new URL(await emptyDatabase());
  url.pathname = '/elsewhere';
  expect((await startError(url.href)).message).toContain('database "elsewhere" does not exist');
  url.password = 'wrong-word';
  const error = await startError(url.href);
  expect(error.message).toContain('password authentication failed');
  expect(inspect(error, { depth: 10 })).not.toContain('wrong-word');
});

test('a database of a later version is left as it is', async () => {
  const url = await emptyDatabase();
  await query(url, 'create table schema_migrations (version integer primary key, applied_at timestamptz)');
  await query(url, 'insert into schema_migrations values (9999, now())');
  expect((await startError(url)).message).toMatch(/^the database has schema version 9999, .*newer server$/);
  const tables = await query(url, `select tablename from pg_tables where schemaname = 'public'`);
  expect(tables).toEqual([{ tablename: 'schema_migrations' }]);
});

test('an empty database is made ready, and stays so', async () => {
  const url = await emptyDatabase();
  await prepareDatabase(url);
  await prepareDatabase(url);
  expect(await query(url, 'select count(*)::int as count from branches')).toEqual([{ count: 0 }]);
});

async function startError(url: string): Promise<StartError> {
  const error: unknown = await prepareDatabase(url).catch((thrown: unknown) => thrown);
  if (error instanceof StartError) return error;
  throw new Error(`expected a StartError, got ${String(error)}`);
}
