import { DatabaseError, type Client } from 'pg';
import type { Command } from '../ledger/command.js';
import type { BatchChanges } from '../ledger/execute-batch.js';
import type { Seal } from '../ledger/seal.js';
import { appendOf, sendAndCommit, type Appended } from './append.js';
import { connect, type Connection } from './connection.js';
import { DatabaseClock } from './database-clock.js';
import { storeError } from './failure.js';
import { KnownBooks } from './known-books.js';
import { lockAndLoad } from './lock-and-load.js';
import { recall, type Recalled } from './recall.js';
import { resolveReferences } from './resolve-references.js';
import { StoreError, type LoadedBooks, type Store, type TransactOptions } from './store.js';

/** The code of a notice that is nothing but a notice. */
const SUCCESSFUL_COMPLETION = '00000';

/** How long a transaction may take from begin to commit before its connection is given up. */
const TRANSACTION_TIMEOUT_MS = 10_000;

type Decide = (loaded: LoadedBooks) => BatchChanges;

/** A commit that is on its way. */
interface Appending {
  readonly done: Promise<Appended>;
}

/** How far a transaction has come. */
interface Progress {
  commitSent: boolean;
  /** The branches whose fences it relies on; undefined if it has locked them. */
  fenced?: readonly number[];
}

/** The write side of PostgreSQL: one connection, on which transactions follow one another without a gap. */
export class PostgresStore implements Store {
  readonly #elsewhere: string | undefined;
  readonly #onConnect: () => void;
  readonly #known = new KnownBooks();
  readonly #clock = new DatabaseClock();
  #url: string;
  #connection: Connection | undefined;

  /**
   * @param onConnect - hears of each connection that is opened; must not throw
   * @param elsewhere - the same database at another node, to go to for good once `url` cannot be reached
   */
  constructor(url: string, onConnect: () => void = () => undefined, elsewhere?: string) {
    this.#url = url;
    this.#onConnect = onConnect;
    this.#elsewhere = elsewhere;
  }

  async transact(
    commands: readonly Command[],
    decide: Decide,
    { optimistic = false, sent }: TransactOptions = {},
  ): Promise<void> {
    const connection = await this.#connect();
    // A commit is never cancelled, since a cancelled one may yet happen: the socket is dropped instead.
    const timer = setTimeout(() => {
      connection.destroy();
    }, TRANSACTION_TIMEOUT_MS);
    const progress: Progress = { commitSent: false };
    try {
      const { client } = connection;
      const recalled = optimistic ? await recall(connection, this.#known, this.#clock, commands) : undefined;
      await committed(client, progress, async () => {
        const appending =
          recalled === undefined
            ? await this.#appendUnderLocks(connection, commands, decide, progress)
            : this.#appendFenced(connection, recalled, decide, progress);
        sent?.();
        const { tag, clockMicros } = await appending.done;
        if (clockMicros > 0) this.#clock.hear(clockMicros);
        return tag;
      });
    } catch (error) {
      throw this.#failed(connection, error, progress);
    } finally {
      clearTimeout(timer);
    }
  }

  async keeps({ branch, last, hash }: Pick<Seal, 'branch' | 'last' | 'hash'>): Promise<boolean> {
    const connection = await this.#connect();
    const timer = setTimeout(() => {
      connection.destroy();
    }, TRANSACTION_TIMEOUT_MS);
    try {
      const { rows } = await connection.client.query({ ...KEPT_SEAL, values: [branch, last, hash] });
      return rows.length > 0;
    } catch (error) {
      throw new StoreError('unavailable', error);
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

  async #appendUnderLocks(
    { client, together }: Connection,
    commands: readonly Command[],
    decide: Decide,
    progress: Progress,
  ): Promise<Appending> {
    const references = await resolveReferences(client, commands);
    const locked = await together(() => lockAndLoad(client, commands, references));
    const changes = decide(locked);
    const append = appendOf(changes, locked.accounts);
    progress.commitSent = true;
    const done = together(() => sendAndCommit(client, append));
    for (const branch of locked.branches) this.#known.learnBranch(branch);
    this.#known.advance(changes);
    // When their holds expire was not asked for.
    for (const { account } of append.accounts) this.#known.forgetAccount(account);
    return { done };
  }

  #appendFenced(
    { client, together }: Connection,
    recalled: Recalled,
    decide: Decide,
    progress: Progress,
  ): Appending {
    const changes = decide(recalled);
    const written = new Set(changes.sealed.map(({ branch }) => branch.id));
    if (!changes.idsKept) throw new Unfenced('an id is answered for that is not written');
    if (!recalled.branches.every((branch) => written.has(branch))) {
      throw new Unfenced('a branch is told of to which nothing is written');
    }
    const append = appendOf(changes, recalled.accounts);
    progress.fenced = recalled.branches;
    progress.commitSent = true;
    const done = together(() => {
      const begun = client.query('begin isolation level read committed');
      return Promise.all([sendAndCommit(client, append), begun]);
    });
    this.#known.advance(changes);
    this.#known.learnChanged(changes, append.accounts);
    return { done: done.then(([appended]) => appended) };
  }

  #failed(connection: Connection, error: unknown, { commitSent, fenced }: Progress): StoreError {
    if (fenced !== undefined && error instanceof DatabaseError && MISSES.has(error.code ?? '')) {
      for (const branch of fenced) {
        if (error.code === FENCE_MISSED) this.#known.contest(branch);
        else this.#known.forget(branch);
      }
      return new StoreError('conflict', error);
    }
    if (error instanceof Unfenced) return new StoreError('conflict', error);
    const { alive } = connection;
    // Whatever it was, what the session holds of transaction and prepared statements is no longer known.
    connection.destroy();
    this.#known.forgetAll();
    return storeError(error, { alive, commitSent });
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.alive === true) return this.#connection;
    this.#known.forgetAll();
    try {
      this.#connection = await connect(this.#url);
      this.#onConnect();
      return this.#connection;
    } catch (error) {
      this.#url = this.#elsewhere ?? this.#url;
      throw new StoreError('unavailable', error);
    }
  }
}

const KEPT_SEAL = {
  name: 'kept-seal',
  text: 'select 1 from seals where branch_id = $1 and last_position = $2 and hash = $3',
};

/** What was decided would be told without anything that could find out that it was wrong. Nothing was sent. */
class Unfenced extends Error {}

/** Division by zero: a branch does not stand where it was thought to. */
const FENCE_MISSED = '22012';

/** A fence that was missed, and an id that was used before: the transaction is rolled back, and the session as good as ever. */
const MISSES = new Set([FENCE_MISSED, '23505']);

/** Runs a transaction, whose tag must say that it was committed, and nobody that it was not quite. */
async function committed(
  client: Client,
  progress: Progress,
  transaction: () => Promise<string>,
): Promise<void> {
  // PostgreSQL warns when the wait for a standby was cut short: committed here, but not as durably as promised. The
  // code tells a warning from a notice in every language.
  const warnings: string[] = [];
  const warned = ({ code, message }: { code?: string | undefined; message?: string | undefined }) => {
    if (progress.commitSent && code !== SUCCESSFUL_COMPLETION) warnings.push(message ?? 'warning');
  };
  client.on('notice', warned);
  try {
    const tag = await transaction();
    if (tag !== 'COMMIT') throw new StoreError('conflict', `the commit was answered by ${tag}`);
    if (warnings.length > 0) throw new StoreError('unknown', warnings.join('; '));
  } finally {
    client.off('notice', warned);
  }
}
