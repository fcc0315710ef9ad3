import { GROUP_MEMBERS_MAX } from '@giro/sdk/protocol';
import type { Command } from '../ledger/command.js';
import { executeBatch } from '../ledger/execute-batch.js';
import type { Outcome } from '../ledger/execute.js';
import { StoreError, type Store } from '../store/store.js';
import { RequestError } from '../request-error.js';

/**
 * Commands that may wait for a commit. At 10,000 a second this is about three seconds of work: whoever comes later is
 * better served by a quick refusal.
 */
export const QUEUE_COMMANDS_MAX = 32_768;

/** Commands in one commit: enough to hide the cost of a flush, few enough to keep each commit short. */
export const COMMIT_COMMANDS_MAX = 2_048;

/** How long a batch is tried again before its callers are told. The retry is safe by R5. */
const RETRY_FOR_MS = 5_000;

/** First wait after a failure; it doubles, six times at most. */
const RETRY_BASE_MS = 5;

/** How long a server that closes goes on; with the attempt it is at, it ends within the 30 s that a pod is given. */
const DRAIN_FOR_MS = 5_000;

/** What the committer tells whoever watches it. */
export interface CommitterLog {
  warn(details: object, message: string): void;
}

/** A command on its way, and whom to tell. */
interface Pending {
  readonly command: Command;
  /** True once nobody waits for the answer any more: then it is not begun. */
  readonly abandoned: () => boolean;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes concurrent commands into commits. While a commit is in flight, commands queue; when it returns, everything
 * queued, up to a bound, becomes the next one. A lone caller pays no wait, a crowd shares its flushes.
 */
export class Committer {
  readonly #store: Store;
  readonly #log: CommitterLog;
  readonly #onCommitted: (branches: readonly number[]) => void;
  readonly #queue: Pending[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  #drainUntil = Infinity;

  /** @param onCommitted - hears of the branches whose journals grew; must not throw */
  constructor(
    store: Store,
    log: CommitterLog,
    onCommitted: (branches: readonly number[]) => void = () => undefined,
  ) {
    this.#store = store;
    this.#log = log;
    this.#onCommitted = onCommitted;
  }

  /**
   * Resolves with the outcome once it is durable (R11).
   *
   * @throws {@link RequestError} with OVERLOADED, UNAVAILABLE, OUTCOME_UNKNOWN, CANCELLED or INTERNAL
   */
  submit(command: Command, abandoned: () => boolean = () => false): Promise<Outcome> {
    if (this.#closed) return Promise.reject(shuttingDown());
    if (this.#queue.length >= QUEUE_COMMANDS_MAX) {
      return Promise.reject(
        new RequestError('OVERLOADED', `${QUEUE_COMMANDS_MAX} writes are waiting already`),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, abandoned, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Takes nothing new, and resolves when everything taken is answered: what cannot be written soon, with UNAVAILABLE. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#drainUntil = Math.min(this.#drainUntil, performance.now() + DRAIN_FOR_MS);
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whatever arrives in this turn of the event loop travels together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      if (performance.now() > this.#drainUntil) {
        for (const { reject } of this.#queue.splice(0)) reject(shuttingDown());
        break;
      }
      const taken = this.#queue.splice(0, batchLength(this.#queue));
      const batch = taken.filter((pending) => !dropped(pending));
      if (batch.length > 0) await this.#commit(batch);
    }
    this.#running = undefined;
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    try {
      const outcomes = await this.#transact(batch.map(({ command }) => command));
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new RequestError('INTERNAL', 'the command was not decided'));
        else resolve(outcome);
      });
    } catch (error) {
      await this.#settleFailed(batch, error);
    }
  }

  /** Halves a batch that cannot be written until the command at fault stands alone; the others go through. */
  async #settleFailed(batch: readonly Pending[], error: unknown): Promise<void> {
    if (mayBeOneCommandsFault(error) && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await this.#commit(batch.slice(0, half));
      await this.#commit(batch.slice(half));
      return;
    }
    this.#log.warn({ err: error, commands: batch.length }, 'commit failed');
    const failed = requestErrorFor(error);
    for (const { reject } of batch) reject(failed);
  }

  async #transact(commands: readonly Command[]): Promise<readonly Outcome[]> {
    const giveUpAt = performance.now() + RETRY_FOR_MS;
    let mayHaveHappened: readonly Outcome[] | undefined;
    for (let attempt = 0; ; attempt++) {
      const decided: Decided = { outcomes: [], branches: [] };
      try {
        await decideAndCommit(this.#store, commands, decided);
        const { outcomes, branches } = decided;
        if (branches.length > 0) this.#onCommitted(branches);
        return mayHaveHappened === undefined ? outcomes : asFirstAnswers(outcomes, mayHaveHappened);
      } catch (error) {
        if (!(error instanceof StoreError) || error.failure === 'rejected') {
          throw mayHaveHappened === undefined ? error : new StoreError('unknown', error);
        }
        if (error.failure === 'unknown') mayHaveHappened ??= decided.outcomes;
        if (performance.now() > Math.min(giveUpAt, this.#drainUntil)) {
          throw mayHaveHappened === undefined ? error : new StoreError('unknown', error.cause);
        }
        this.#log.warn({ err: error, attempt, commands: commands.length }, 'commit failed, trying again');
        await backoff(attempt);
      }
    }
  }
}

/** How many of the waiting commands make one commit: a group counts as many as it has members. */
function batchLength(queue: readonly Pending[]): number {
  let writes = 0;
  const end = queue.findIndex(({ command }) => (writes += writesOf(command)) > COMMIT_COMMANDS_MAX);
  return end === -1 ? queue.length : Math.max(end, 1);
}

function writesOf(command: Command): number {
  if (command.kind === 'group') return command.members.length;
  return command.kind === 'reverseGroup' ? GROUP_MEMBERS_MAX : 1;
}

/** @param decided - gets what is decided, of which nothing is so until this resolves */
async function decideAndCommit(store: Store, commands: readonly Command[], decided: Decided): Promise<void> {
  await store.transact(commands, ({ books, clockMicros }) => {
    const { outcomes, changes } = executeBatch(books, commands, clockMicros);
    decided.outcomes = outcomes;
    decided.branches = changes.sealed.map(({ branch }) => branch.id);
    return changes;
  });
}

/** What became of a batch. */
interface Decided {
  outcomes: readonly Outcome[];
  /** The branches whose journals grew. */
  branches: readonly number[];
}

/** What an attempt of our own has applied is no replay to those who hear of it for the first time. */
function asFirstAnswers(outcomes: readonly Outcome[], earlier: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome, index) =>
    earlier[index]?.replayed === false ? { ...outcome, replayed: false } : outcome,
  );
}

function shuttingDown(): RequestError {
  return new RequestError('UNAVAILABLE', 'the server is shutting down');
}

function dropped({ abandoned, reject }: Pending): boolean {
  if (!abandoned()) return false;
  reject(new RequestError('CANCELLED', 'the caller stopped waiting before the write was begun'));
  return true;
}

function mayBeOneCommandsFault(error: unknown): boolean {
  return !(error instanceof StoreError) || error.failure === 'rejected';
}

function requestErrorFor(error: unknown): RequestError {
  if (!(error instanceof StoreError) || error.failure === 'rejected') {
    return new RequestError('INTERNAL', 'the write could not be decided or recorded', error);
  }
  switch (error.failure) {
    case 'unknown':
      return new RequestError('OUTCOME_UNKNOWN', 'the database was lost around the commit', error);
    case 'conflict':
      return new RequestError('UNAVAILABLE', 'other writes were in the way for too long', error);
    case 'unavailable':
      return new RequestError('UNAVAILABLE', 'the database cannot be reached', error);
  }
}

/** Full jitter, so that servers that met in a conflict do not meet again. */
function backoff(attempt: number): Promise<void> {
  const ceilingMs = RETRY_BASE_MS * 2 ** Math.min(attempt, 6);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceilingMs));
}
