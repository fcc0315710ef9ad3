import { performance } from 'node:perf_hooks';
import type { Reason } from '../catalogue/catalogue.js';
import { JournalServiceDefinition, type WatchEntriesResponse } from '../gen/giro/v1/journal_service.js';
import type { JournalHead as WireHead } from '../gen/giro/v1/receipt.js';
import { headFrom } from './answer.js';
import {
  checkAfter,
  checkBranch,
  checkCallOptions,
  checkFields,
  checkSeal,
  checkTimeout,
} from './arguments.js';
import { firstAbort } from './abort.js';
import { abortedFailure } from './attempt.js';
import { noAttempts, type Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import { entryFrom } from './entry-from.js';
import type { Entry } from './entry.js';
import type { OutgoingCall } from './interceptor.js';
import { endedFailure, errorOf, type Failure } from './failure.js';
import { method } from './method.js';
import type { CallOptions } from './options.js';
import type { JournalHead } from './receipt.js';
import { watchPolicy } from './retry-policy.js';

/** What {@link Journal.watch} takes. */
export interface WatchParams {
  readonly branch: number;
  /**
   * The last position already seen.
   *
   * @defaultValue 0n, the beginning
   */
  readonly after?: bigint | undefined;
  /**
   * The seal that came with that position, in a receipt or an entry. With it, a journal that no longer holds what was
   * seen is told from one that has only grown.
   */
  readonly seal?: JournalHead | undefined;
  /**
   * How long to go on trying while no server answers, in milliseconds: 1 to 2,147,483,647.
   *
   * @defaultValue 600,000 (ten minutes)
   */
  readonly patienceMs?: number | undefined;
}

/** What a watch takes of {@link CallOptions}: it has no deadline. */
export type WatchOptions = Pick<CallOptions, 'signal'>;

/**
 * Entries as they are committed, however often the watch has to be resumed. Every iteration is a watch of its own.
 *
 * @param silenceMs - after how long a wait for a sign of life a server counts as gone; for tests
 */
export function watchJournal(
  caller: Caller,
  params: WatchParams,
  options: WatchOptions = {},
  silenceMs = SILENCE_MS,
): AsyncIterable<Entry> {
  return { [Symbol.asyncIterator]: () => watchEntries(caller, params, options, silenceMs) };
}

async function* watchEntries(
  caller: Caller,
  params: WatchParams,
  options: WatchOptions,
  silenceMs: number,
): AsyncGenerator<Entry, void, undefined> {
  const checked = checkWatch(params);
  const { signal, release } = caller.lifetime(checkCallOptions(options).signal);
  try {
    const { call, ended } = await caller.beginStream({ method: watch, branch: checked.branch }, signal);
    const heeded = firstAbort(call.signal, signal);
    try {
      yield* resumedEntries(caller, checked, { silenceMs, ...call, signal: heeded.signal });
    } catch (error) {
      throw (await ended(error)) ?? error;
    } finally {
      heeded.release();
      await ended();
    }
  } finally {
    release();
  }
}

/** Asks for entries again and again, each time for those after the last. */
async function* resumedEntries(
  caller: Caller,
  { branch, patienceMs, ...start }: CheckedWatch,
  { signal, silenceMs, headers, onAttempt, onRetry }: WatchTerms,
): AsyncGenerator<Entry, void, undefined> {
  let place: Place = start;
  let trouble = noTrouble;
  const call = () => ({
    method: watch,
    request: { branch, ...place },
    branch,
    read: (answer: WatchEntriesResponse) => messageFrom(answer, branch, place.after),
  });
  const fail = (failure: Failure) =>
    errorOf(failure, { where: watch.path, writeId: undefined, ...trouble.made });
  const throwIfEnded = () => {
    if (signal.aborted) throw fail(abortedFailure(signal, false));
  };
  for (;;) {
    throwIfEnded();
    let failure = endedFailure();
    let messages = 0;
    const { turn, attempts } = trouble.made;
    const asked = (server: string) => {
      onAttempt({ attempts: attempts + 1, server });
    };
    const terms = { turn, silenceMs, signal, headers, onAttempt: asked };
    for await (const attempted of caller.attemptStream(call(), terms)) {
      if (attempted.kind === 'failed') {
        failure = attempted.failure;
        break;
      }
      const { entries, head } = attempted.result;
      messages += 1;
      // A first sign of life alone is no proof that the server can read on.
      if (entries.length > 0 || messages > 1) trouble = overcome(trouble);
      for (const entry of entries) {
        throwIfEnded();
        place = { after: entry.position, seal: wireSeal(entry.seal) };
        yield entry;
      }
      if (head?.position === place.after) place = { ...place, seal: wireSeal(head) };
    }
    const { renewed } = trouble.made;
    trouble = addTrouble(trouble, failure);
    const delayMs = delayAfter(caller, failure, trouble, renewed);
    if (delayMs === undefined || performance.now() + delayMs - trouble.sinceMs > patienceMs) {
      throw fail(failure);
    }
    const { reason, message: problem } = failure;
    const server = caller.home(branch, terms.turn);
    onRetry({ attempts: trouble.made.attempts, server, reason, problem, delayMs });
    await caller.pause(delayMs, signal);
  }
}

interface WatchTerms extends Pick<OutgoingCall, 'headers' | 'onAttempt' | 'onRetry'> {
  readonly signal: AbortSignal;
  readonly silenceMs: number;
}

/** Where a watch goes on. */
interface Place {
  /** The last position given. */
  readonly after: bigint;
  /** The seal that covered it, if it was told. */
  readonly seal: WireHead | undefined;
}

/** The attempts since the last one that got on, and when the first of them failed (by performance.now). */
interface Trouble {
  readonly made: Attempts;
  readonly sinceMs: number;
}

const noTrouble: Trouble = { made: noAttempts, sinceMs: Infinity };

/** The server that works is the one to stay with. */
function overcome({ made }: Trouble): Trouble {
  return { made: { ...noAttempts, turn: made.turn }, sinceMs: Infinity };
}

function addTrouble({ made, sinceMs }: Trouble, { reason, sent, newToken = false }: Failure): Trouble {
  return {
    made: {
      attempts: made.attempts + 1,
      // A server that its reader kept waiting, or that refused a token, is well. One with too many watchers is one to turn
      // from.
      turn: reason === 'SLOW_READER' || newToken ? made.turn : made.turn + 1,
      sent: made.sent || sent,
      mayBeApplied: false,
      renewed: made.renewed || newToken,
    },
    sinceMs: Math.min(sinceMs, performance.now()),
  };
}

/** @returns undefined if the watch is not to be resumed after the failure */
function delayAfter(
  caller: Caller,
  { reason, pushbackMs, newToken = false }: Failure,
  { made }: Trouble,
  renewed: boolean,
): number | undefined {
  if (newToken && !renewed) return 0;
  // The watch sets no deadline: a proxy on the way has one.
  const passing: Reason = reason === 'DEADLINE_EXCEEDED' ? 'UNAVAILABLE' : reason;
  return caller.delayMs({ policy: watchPolicy, reason: passing, pushbackMs, ...made });
}

interface Message {
  readonly entries: readonly Entry[];
  readonly head: JournalHead | undefined;
}

/** @throws Error unless the entries go on right after `after` */
function messageFrom(answer: WatchEntriesResponse, branch: number, after: bigint): Message {
  const head = answer.head === undefined ? undefined : headFrom(answer.head);
  const entries = answer.entries.map((wire, index) => {
    const entry = entryFrom(wire);
    const expected = after + BigInt(index) + 1n;
    if (entry.branch !== branch || entry.position !== expected) {
      throw new Error(`position ${entry.position} of branch ${entry.branch} came where ${expected} was due`);
    }
    // The journal ended here when it was read, so its last seal is the one that covers this entry.
    return head?.position === entry.position ? { ...entry, seal: head } : entry;
  });
  return { entries, head };
}

function wireSeal(seal: JournalHead | undefined): WireHead | undefined {
  return seal === undefined ? undefined : { position: seal.position, hash: Buffer.from(seal.hash) };
}

interface CheckedWatch extends Place {
  readonly branch: number;
  readonly patienceMs: number;
}

function checkWatch(params: unknown): CheckedWatch {
  const fields = checkFields(params);
  return {
    branch: checkBranch(fields['branch']),
    after: checkAfter(fields['after']),
    seal: checkSeal(fields['seal']),
    patienceMs: checkTimeout(fields['patienceMs'], 'patienceMs') ?? PATIENCE_MS,
  };
}

/** The server gives a sign of life every 10 s; after three missed ones it, or the way to it, counts as gone. */
const SILENCE_MS = 30_000;

/** Longer than any failover or upgrade; beyond it, somebody should be told. */
const PATIENCE_MS = 600_000;

const watch = method(JournalServiceDefinition, JournalServiceDefinition.methods.watchEntries);
