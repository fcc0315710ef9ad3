import { GROUP_MEMBERS_MAX } from '@giro/sdk/protocol';
import { context, ROOT_CONTEXT, type SpanContext } from '@opentelemetry/api';
import type { Command } from '../ledger/command.js';
import type { Outcome } from '../ledger/execute.js';
import { RequestError } from '../request-error.js';
import { databaseTrouble } from '../store/database-trouble.js';
import { StoreError, type Store } from '../store/store.js';
import { NO_OBSERVER, type CommitObserver } from './commit-observer.js';
import { attempt, type Attempted, type Batch, type Done, type Failed } from './attempt.js';
import { callsIn, recordedCall } from './commit-span.js';
import { persist, type CommitterLog } from './persist.js';

/**
 * Commands that may wait for a commit. At 10,000 a second this is about three seconds of work: whoever comes later is
 * better served by a quick refusal.
 */
export const QUEUE_COMMANDS_MAX = 32_768;

/** Commands in one commit: enough to hide the cost of a flush, few enough to keep each commit short. */
export const COMMIT_COMMANDS_MAX = 512;

/** Commits on their way at once: while the database writes one, the next is decided and sent behind it. */
const COMMITS_UNDERWAY_MAX = 2;

/** Fewer commands than these wait for the commit ahead of them: together with what else comes they are cheaper. */
const PIPELINED_COMMANDS_MIN = 256;

/** How long a server that closes goes on; with the attempt it is at, it ends within the 30 s that a pod is given. */
const DRAIN_FOR_MS = 5_000;

/** What is known of a command in the end: its outcome, or why it has none. */
export type Settled = Outcome | RequestError;

/** Commands that were submitted together, and whom to tell. */
interface Submission {
  /** True once nobody waits for the answer any more: then what is left of it is not begun. */
  readonly abandoned: () => boolean;
  /** The call that they came with, if it is traced. */
  readonly call: SpanContext | undefined;
  readonly settled: Settled[];
  left: number;
  readonly resolve: (settled: readonly Settled[]) => void;
}

/** A command on its way. */
interface Pending {
  readonly command: Command;
  readonly submission: Submission;
  readonly index: number;
}

/** A batch whose commit was begun. */
interface Underway {
  readonly batch: readonly Pending[];
  readonly attempted: Promise<Attempted>;
  failed: boolean;
}

/**
 * Makes concurrent commands into commits. While a commit is in flight, commands queue; when it returns, everything
 * queued, up to a bound, becomes the next one. A lone caller pays no wait, a crowd shares its flushes.
 */
export class Committer {
  readonly #store: Store;
  readonly #log: CommitterLog;
  readonly #observer: CommitObserver;
  readonly #queue: Pending[] = [];
  #running: Promise<void> | undefined;
  #wake: () => void = () => undefined;
  #closed = false;
  #drainUntil = Infinity;

  constructor(store: Store, log: CommitterLog, observer: CommitObserver = NO_OBSERVER) {
    this.#store = store;
    this.#log = log;
    this.#observer = observer;
  }

  /**
   * Resolves with the outcome once it is durable (R11).
   *
   * @throws {@link RequestError} with OVERLOADED, UNAVAILABLE, OUTCOME_UNKNOWN, CANCELLED or INTERNAL
   */
  async submit(command: Command, abandoned: () => boolean = () => false): Promise<Outcome> {
    const [settled] = await this.submitAll([command], abandoned);
    if (settled === undefined) throw undecided();
    if (settled instanceof RequestError) throw settled;
    return settled;
  }

  /** Resolves once all outcomes are durable, with one for each command or the error that {@link submit} throws. */
  submitAll(commands: readonly Command[], abandoned: () => boolean): Promise<readonly Settled[]> {
    const refusal = this.#refusal(commands.length);
    if (refusal !== undefined) return Promise.resolve(commands.map(() => refusal));
    if (commands.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const { length: left } = commands;
      const submission: Submission = { abandoned, call: recordedCall(), settled: [], left, resolve };
      commands.forEach((command, index) => this.#queue.push({ command, submission, index }));
      // It goes on for others, so not inside of the call that it begins with.
      this.#running ??= context.with(ROOT_CONTEXT, () => this.#run());
      if (this.#queue.length >= PIPELINED_COMMANDS_MIN) this.#wake();
    });
  }

  /** Commands that wait for a commit. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes nothing new, and resolves when everything taken is answered: what cannot be written soon, with UNAVAILABLE. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#drainUntil = Math.min(this.#drainUntil, performance.now() + DRAIN_FOR_MS);
    await this.#running;
  }

  /** Why so many more commands are not taken now. */
  #refusal(count: number): RequestError | undefined {
    if (this.#closed) return shuttingDown();
    if (this.#queue.length + count <= QUEUE_COMMANDS_MAX) return undefined;
    return new RequestError('OVERLOADED', `${QUEUE_COMMANDS_MAX} writes are waiting already`);
  }

  async #run(): Promise<void> {
    // Whatever arrives in this turn of the event loop travels together.
    await turn();
    const underway: Underway[] = [];
    for (;;) {
      if (performance.now() > this.#drainUntil) settle(this.#queue.splice(0), shuttingDown());
      if (this.#mayBegin(underway)) {
        const batch = this.#queue
          .splice(0, batchLength(this.#queue))
          .filter((pending) => !droppedIfAbandoned(pending));
        if (batch.length > 0) underway.push(await this.#begin(batch));
        // Deciding a batch takes milliseconds, in which nothing else is done: whatever came meanwhile is next.
        await turn();
        continue;
      }
      const [oldest] = underway;
      if (oldest === undefined) break;
      const attempted = await this.#answerOrWork(oldest, underway);
      if (attempted?.kind === 'failed') await this.#takeUpAgain(underway.splice(0));
      else if (attempted !== undefined) underway.shift();
    }
    this.#running = undefined;
  }

  #mayBegin(underway: readonly Underway[]): boolean {
    if (underway.length === 0) return this.#queue.length > 0;
    if (underway.some(({ failed }) => failed)) return false;
    return underway.length < COMMITS_UNDERWAY_MAX && this.#queue.length >= PIPELINED_COMMANDS_MIN;
  }

  /** Tries a batch on what the store remembers, and resolves once its commit is on its way. */
  async #begin(batch: readonly Pending[]): Promise<Underway> {
    let sent: () => void = () => undefined;
    const isSent = new Promise<void>((resolve) => (sent = resolve));
    const attempted = attempt(this.#store, asBatch(batch), { optimistic: true, sent }).then((result) => {
      if (result.kind === 'done') this.#answer(batch, result);
      else {
        this.#observer.attemptFailed(result.error);
        begun.failed = true;
      }
      sent();
      return result;
    });
    const begun: Underway = { batch, attempted, failed: false };
    await isSent;
    return begun;
  }

  /** What the oldest commit came to; or undefined if there is enough to begin another one behind it. */
  #answerOrWork({ attempted }: Underway, { length }: readonly Underway[]): Promise<Attempted | undefined> {
    if (length >= COMMITS_UNDERWAY_MAX) return attempted;
    const woken = new Promise<undefined>((resolve) => {
      this.#wake = () => {
        resolve(undefined);
      };
    });
    return Promise.race([attempted, woken]);
  }

  /** Those behind a batch that failed were decided on what did not happen: all are taken up again, in their order. */
  async #takeUpAgain(underway: readonly Underway[]): Promise<void> {
    const results = await Promise.all(underway.map(({ attempted }) => attempted));
    for (const [index, { batch }] of underway.entries()) {
      const result = results[index];
      if (result?.kind === 'failed') await this.#persist(batch, result);
    }
  }

  async #persist(batch: readonly Pending[], first?: Failed): Promise<void> {
    try {
      const options = { log: this.#log, observer: this.#observer, giveUpAtMs: () => this.#drainUntil };
      this.#answer(batch, await persist(this.#store, asBatch(batch), first, options));
    } catch (error) {
      await this.#settleFailed(batch, error);
    }
  }

  /** Halves a batch that cannot be written until the command at fault stands alone; the others go through. */
  async #settleFailed(batch: readonly Pending[], error: unknown): Promise<void> {
    if (mayBeOneCommandsFault(error) && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await this.#persist(batch.slice(0, half));
      await this.#persist(batch.slice(half));
      return;
    }
    this.#log.warn({ err: error, commands: batch.length }, 'commit failed');
    this.#observer.gaveUp(error);
    settle(batch, requestErrorFor(error));
  }

  #answer(batch: readonly Pending[], done: Done): void {
    this.#observer.committed(done);
    const { outcomes } = done;
    batch.forEach((pending, index) => settleOne(pending, outcomes[index] ?? undecided()));
  }
}

function asBatch(pending: readonly Pending[]): Batch {
  return { commands: pending.map(({ command }) => command), calls: callsIn(pending) };
}

/** Resolves in the next turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
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

function settle(batch: readonly Pending[], settled: Settled): void {
  for (const pending of batch) settleOne(pending, settled);
}

function settleOne({ submission, index }: Pending, settled: Settled): void {
  submission.settled[index] = settled;
  if (--submission.left === 0) submission.resolve(submission.settled);
}

function droppedIfAbandoned(pending: Pending): boolean {
  if (!pending.submission.abandoned()) return false;
  settleOne(pending, new RequestError('CANCELLED', 'the caller stopped waiting before the write was begun'));
  return true;
}

function shuttingDown(): RequestError {
  return new RequestError('UNAVAILABLE', 'the server is shutting down');
}

/** What should not be: an outcome is missing. */
export function undecided(): RequestError {
  return new RequestError('INTERNAL', 'the command was not decided');
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
      return new RequestError('UNAVAILABLE', unavailability(error), error);
  }
}

function unavailability(error: StoreError): string {
  const { condition } = databaseTrouble(error);
  return condition === undefined
    ? 'the database cannot be reached'
    : `the database takes no writes: ${condition}`;
}
