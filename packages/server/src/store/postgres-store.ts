import type { BookChanges } from '../ledger/books.js';
import type { Command } from '../ledger/command.js';
import { appendAndCommit } from './append.js';
import { connect, type Connection } from './connection.js';
import { storeError } from './failure.js';
import { lockAndLoad } from './lock-and-load.js';
import { resolveReferences } from './resolve-references.js';
import { StoreError, type LockedBooks, type Store } from './store.js';

/** The code of a notice that is nothing but a notice. */
const SUCCESSFUL_COMPLETION = '00000';

/** How long a transaction may take from begin to commit before its connection is given up. */
const TRANSACTION_TIMEOUT_MS = 10_000;

/** The write side of PostgreSQL: one connection, one transaction at a time. */
export class PostgresStore implements Store {
  readonly #url: string;
  #connection: Connection | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async transact(commands: readonly Command[], decide: (locked: LockedBooks) => BookChanges): Promise<void> {
    const connection = await this.#connect();
    // A commit is never cancelled, since a cancelled one may yet happen: the socket is dropped instead.
    const timer = setTimeout(() => {
      connection.destroy();
    }, TRANSACTION_TIMEOUT_MS);
    const progress = { commitSent: false };
    try {
      await transaction(connection, commands, decide, progress);
    } catch (error) {
      const { alive } = connection;
      // Whatever it was, what the session holds of transaction and prepared statements is no longer known.
      connection.destroy();
      throw storeError(error, { alive, ...progress });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection. A transaction under way ends as `unknown`. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection?.alive === true) await connection.end();
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.alive === true) return this.#connection;
    try {
      this.#connection = await connect(this.#url);
      return this.#connection;
    } catch (error) {
      throw new StoreError('unavailable', error);
    }
  }
}

async function transaction(
  { client }: Connection,
  commands: readonly Command[],
  decide: (locked: LockedBooks) => BookChanges,
  progress: { commitSent: boolean },
): Promise<void> {
  // PostgreSQL warns when the wait for a standby was cut short: committed here, but not as durably as promised. The
  // code tells a warning from a notice in every language.
  const warnings: string[] = [];
  const warned = ({ code, message }: { code?: string | undefined; message?: string | undefined }) => {
    if (progress.commitSent && code !== SUCCESSFUL_COMPLETION) warnings.push(message ?? 'warning');
  };
  client.on('notice', warned);
  try {
    const references = await resolveReferences(client, commands);
    const changes = decide(await lockAndLoad(client, commands, references));
    progress.commitSent = true;
    const tag = await appendAndCommit(client, changes);
    if (tag !== 'COMMIT') throw new StoreError('conflict', `the commit was answered by ${tag}`);
    if (warnings.length > 0) throw new StoreError('unknown', warnings.join('; '));
  } finally {
    client.off('notice', warned);
  }
}
