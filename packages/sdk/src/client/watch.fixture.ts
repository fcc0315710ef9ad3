import type { WatchEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { Caller } from './caller.js';
import type { Entry } from './entry.js';
import { journalOf } from './journal.js';
import { wireEntry, wireHead } from './wire-answers.fixture.js';

/** A server that says nothing more. */
export const never = () => new Promise<never>(() => undefined);

/** Entries `from`..`to`, with the head there. */
export function message(from: bigint, to: bigint, headAt = to, branch = 0): WatchEntriesResponse {
  const entries = Array.from({ length: Number(to - from) + 1 }, (_, i) => {
    const position = from + BigInt(i);
    return wireEntry(position, { position: { branch, position } });
  });
  return { entries, head: wireHead(headAt) };
}

/** A client whose waits are recorded instead of waited. */
export function patientCaller(...addresses: string[]) {
  const waits: number[] = [];
  const sleep = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  const caller = new Caller({ addresses, random: () => 0.5, sleep });
  return { caller, waits, journal: journalOf(caller), [Symbol.asyncDispose]: () => caller.close() };
}

/** Takes entries until the last one is there, and then leaves. */
export async function takeUntil(last: bigint, entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const taken: Entry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (entry.position === last) break;
  }
  return taken;
}

/** Reads until the watch throws. */
export async function errorOfReading(entries: AsyncIterable<Entry>): Promise<unknown> {
  try {
    await takeUntil(-1n, entries);
    return undefined;
  } catch (error) {
    return error;
  }
}

export const positionsOf = (entries: readonly Entry[]) => entries.map(({ position }) => position);
