import { Client } from 'pg';
import { StartError } from './start-error.js';
import { migrate, NewerSchemaError } from './store/migrate.js';

/** How long to wait for the database to take a connection. */
const CONNECT_TIMEOUT_MS = 10_000;

/** How long one statement may take, the wait for another server that migrates included. */
const STATEMENT_TIMEOUT_MS = 120_000;

/**
 * Brings the schema of a database up to date.
 *
 * @throws {@link StartError} if it cannot be reached or belongs to a later version of Giro
 */
export async function prepareDatabase(url: string): Promise<void> {
  const client = clientFor(url);
  // A lost connection also fails the statement under way, which is where it is handled.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await migrate(client);
  } catch (error) {
    if (error instanceof NewerSchemaError) throw new StartError(error.message, { cause: error });
    const problem = `the database at ${client.host}:${client.port} cannot be used: ${said(error)}`;
    throw new StartError(`${problem}; start it, or correct DATABASE_URL`, { cause: error });
  } finally {
    await client.end();
  }
}

function clientFor(url: string): Client {
  try {
    if (!/^postgres(ql)?:/.test(url)) throw new Error('it is no PostgreSQL URL');
    return new Client({
      connectionString: url,
      application_name: 'giro-migrate',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
  } catch (error) {
    // Without the cause, which may quote the URL and so the password in it.
    throw new StartError(
      `DATABASE_URL cannot be used: ${said(error)}; write it like postgresql://user:password@host:5432/database`,
    );
  }
}

/** What the driver said, never empty: trying several addresses in vain is told by an error without a message. */
function said(error: unknown): string {
  if (error instanceof AggregateError) return said(error.errors[0]);
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
