import { connect } from './connection.js';

/** How long a probe may take: a database that is slower than this is no help to anybody. */
const PROBE_TIMEOUT_MS = 5_000;

/**
 * Finds out whether the database takes writes: room for half a mebibyte of rows, and for a record of its log that is as
 * durable as a commit's. Nothing of it stays. It is for a database that was in trouble; a healthy one shows by its commits.
 *
 * @throws what the database says
 */
export async function probeWrites(url: string): Promise<void> {
  const connection = await connect(url);
  const timer = setTimeout(() => {
    connection.destroy();
  }, PROBE_TIMEOUT_MS);
  try {
    await connection.client.query(PROBE);
    await connection.end();
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** One transaction. A role that may make no temporary table is tested by the log record alone. */
const PROBE = `
  do $$
  begin
    create temporary table giro_probe (filler text) on commit drop;
    insert into giro_probe select repeat('x', 1900) from generate_series(1, 256);
  exception when insufficient_privilege then
    null;
  end $$;
  select pg_logical_emit_message(true, 'giro', '')`;
