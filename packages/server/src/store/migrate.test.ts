import { expect, it } from 'vitest';
import { emptyDatabase, query } from '../../test-support/database.js';
import { lockWaiters, openSession } from './bank-database.fixture.js';
import { migrate, NewerSchemaError } from './migrate.js';
import { migrations } from './migrations/migrations.js';

it('brings an empty database up to date once, though several servers start at once', async () => {
  const url = await emptyDatabase();
  const sessions = await Promise.all(Array.from({ length: 6 }, () => openSession(url)));
  await Promise.all(sessions.map((session) => migrate(session)));
  expect(await query(url, 'select version from schema_migrations order by version')).toEqual(
    migrations.map(({ version }) => ({ version })),
  );
  expect(await query(url, 'select * from branches')).toEqual([]);
});

it('brings it up to date also where transactions are serializable by default', async () => {
  const url = await emptyDatabase();
  const name = new URL(url).pathname.slice(1);
  await query(url, `alter database ${name} set default_transaction_isolation = 'serializable'`);
  const sessions = await Promise.all(Array.from({ length: 4 }, () => openSession(url)));
  await Promise.all(sessions.map((session) => migrate(session)));
  expect(await query(url, 'select version from schema_migrations')).toHaveLength(migrations.length);
});

it('changes nothing the second time', async () => {
  const url = await emptyDatabase();
  const session = await openSession(url);
  await migrate(session);
  const applied = await query(url, 'select * from schema_migrations');
  await migrate(session);
  expect(await query(url, 'select * from schema_migrations')).toEqual(applied);
});

it('refuses the schema of a later version in one sentence, and leaves it alone', async () => {
  const url = await emptyDatabase();
  const session = await openSession(url);
  await migrate(session);
  const later = migrations.at(-1)!.version + 1;
  await session.query('insert into schema_migrations values ($1, now())', [later]);
  const refused = migrate(session);
  await expect(refused).rejects.toBeInstanceOf(NewerSchemaError);
  await expect(refused).rejects.toThrow(
    `the database has schema version ${later}, this server knows ${later - 1}: start a newer server`,
  );
  expect(await session.query('select 1')).toMatchObject({ rowCount: 1 });
});

it('leaves nothing behind when a step fails, and names the error', async () => {
  const url = await emptyDatabase();
  await query(url, 'create table entries (mine text)');
  await expect(migrate(await openSession(url))).rejects.toThrow('relation "entries" already exists');
  expect(await query(url, `select to_regclass('branches') as branches`)).toEqual([{ branches: null }]);
  expect(await query(url, `select to_regclass('schema_migrations') as steps`)).toEqual([{ steps: null }]);
});

it('says that the connection was lost, if it was', async () => {
  const url = await emptyDatabase();
  const [holder, session] = [await openSession(url), await openSession(url)];
  await holder.query('begin');
  await holder.query('select pg_advisory_xact_lock($1)', [0x6769726f]);
  const migrating = migrate(session);
  migrating.catch(() => undefined);
  await lockWaiters(url);
  await holder.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  await expect(migrating).rejects.toThrow('terminating connection due to administrator command');
});
