import { expect, it } from 'vitest';
import { emptyDatabase, query } from '../../test-support/database.js';
import { backends, openReads } from './bank-database.fixture.js';
import { openDatabase } from './database.js';

it('answers many reads at once over a few connections', async () => {
  const url = await emptyDatabase();
  const database = openReads(url);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => database.rows<{ n: number }>('select $1::int as n', [n])),
  );
  expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect((await backends(url, `application_name = 'giro-reads'`)).length).toBeLessThanOrEqual(10);
});

it('outlives the loss of its connections, and says so once each (R13)', async () => {
  const url = await emptyDatabase();
  const lost: Error[] = [];
  const database = openDatabase(url, (error) => lost.push(error));
  await database.rows('select 1', []);
  const sleeping = database.rows('select pg_sleep(20)', []);
  sleeping.catch(() => undefined);
  await backends(url, `wait_event = 'PgSleep'`);
  await database.rows('select 1', []);
  const pids = await backends(url, `application_name = 'giro-reads'`, 2);
  await query(url, 'select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids]);
  await expect(sleeping).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  await expect.poll(() => lost.length).toBe(1);
  expect(await database.rows('select 1 as one', [])).toEqual([{ one: 1 }]);
  await database.close();
});

it('reads on after a newer server has changed a table', async () => {
  const url = await emptyDatabase();
  const database = openReads(url);
  await query(url, 'create table grown as select 1 as one');
  expect(await database.rows('select * from grown', [])).toEqual([{ one: 1 }]);
  await query(url, 'alter table grown add two integer default 2');
  expect(await database.rows('select * from grown', [])).toEqual([{ one: 1, two: 2 }]);
});

it('tells a database that cannot be reached from a read that fails', async () => {
  const url = new URL(await emptyDatabase());
  await expect(openReads(url.href).rows('select nothing', [])).rejects.toMatchObject({ reason: 'INTERNAL' });
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = '1';
  await expect(openReads(url.href).rows('select 1', [])).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
});
