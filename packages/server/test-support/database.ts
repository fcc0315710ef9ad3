import { Client } from 'pg';
import { inject } from 'vitest';

let made = 0;

/** Makes an empty database for one test and returns its URL. It goes when the test run's PostgreSQL goes. */
export async function emptyDatabase(): Promise<string> {
  const name = `test_${process.pid}_${made++}`;
  const postgresUrl = inject('postgresUrl');
  await query(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends object>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(text, values);
    return rows;
  } finally {
    await client.end();
  }
}
