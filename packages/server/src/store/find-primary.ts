import { Socket } from 'node:net';
import { Client } from 'pg';
import type { HostAddress } from './database-hosts.js';
import { databaseTrouble } from './database-trouble.js';
import { NoPrimaryError } from './no-primary-error.js';

/** How long all hosts together have to answer: less than any wait for a connection, which goes on from here. */
const FIND_TIMEOUT_MS = 3_000;

/**
 * Asks all hosts at once which of them takes writes; the first that says so is it. Those who ask the same meanwhile share
 * the answer, which nobody keeps: a failover may have happened by the next time.
 *
 * @param urls - one for each host
 * @throws {@link NoPrimaryError} with what is wrong with each host
 */
export function findPrimary(urls: readonly string[]): Promise<HostAddress> {
  const key = urls.join(' ');
  const known = searches.get(key);
  if (known !== undefined) return known;
  const search = askAll(urls).finally(() => searches.delete(key));
  searches.set(key, search);
  return search;
}

/** @throws Error if the session is not one of a primary that takes writes */
export async function assertPrimary(client: Pick<Client, 'query'>): Promise<void> {
  const { rows } = await client.query<{ standby: boolean; read_only: boolean }>(HOW_IT_IS);
  const [how] = rows;
  if (how?.standby !== false) throw new Error('it is a standby');
  if (how.read_only) throw new Error('it is read-only');
}

const HOW_IT_IS = `
  select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as read_only`;

/** One for each URL of the process, while it lasts. */
const searches = new Map<string, Promise<HostAddress>>();

interface Probe {
  readonly client: Client;
  readonly socket: Socket;
}

async function askAll(urls: readonly string[]): Promise<HostAddress> {
  const probes = urls.map(probeFor);
  const timer = setTimeout(() => {
    const late = new Error(`no answer within ${FIND_TIMEOUT_MS / 1_000} s`);
    for (const { socket } of probes) socket.destroy(late);
  }, FIND_TIMEOUT_MS);
  try {
    return await Promise.any(probes.map(({ client }) => ask(client)));
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    throw new NoPrimaryError(
      probes.map(({ client }, index) => ({
        host: `${client.host}:${client.port}`,
        ...databaseTrouble(error.errors[index]),
      })),
    );
  } finally {
    clearTimeout(timer);
    for (const { socket } of probes) socket.destroy();
  }
}

function probeFor(url: string): Probe {
  const socket = new Socket();
  const client = new Client({
    connectionString: url,
    application_name: 'giro-find-primary',
    stream: () => socket,
  });
  // A lost connection also fails what is under way.
  client.on('error', () => undefined);
  return { client, socket };
}

async function ask(client: Client): Promise<HostAddress> {
  await client.connect();
  await assertPrimary(client);
  return { host: client.host, port: client.port };
}
