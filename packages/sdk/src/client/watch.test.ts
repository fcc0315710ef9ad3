import { getEventListeners, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { BankError } from '../errors/bank-error.js';
import { CancelledError, ClientClosedError, UnavailableError } from '../errors/failures.js';
import { JournalDivergedError } from '../errors/journal-refusals.js';
import { BranchNotFoundError } from '../errors/refusals.js';
import type { WatchEntriesRequest, WatchEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { Bank } from './bank.js';
import { startProxy } from './breakable-proxy.fixture.js';
import { Caller } from './caller.js';
import type { Entry } from './entry.js';
import { journalOf } from './journal.js';
import { rankServers } from './routing.js';
import {
  deadAddress,
  plainStatus,
  refusal,
  startScriptedServer,
  type StatusError,
} from './scripted-server.fixture.js';
import { watchJournal } from './watch.js';
import { head, wireEntry, wireHead } from './wire-answers.fixture.js';

const never = () => new Promise<never>(() => undefined);

/** Entries `from`..`to`, with the head there. */
function message(from: bigint, to: bigint, headAt = to, branch = 0): WatchEntriesResponse {
  const entries = Array.from({ length: Number(to - from) + 1 }, (_, i) => {
    const position = from + BigInt(i);
    return wireEntry(position, { position: { branch, position } });
  });
  return { entries, head: wireHead(headAt) };
}

/** A client whose waits are recorded instead of waited. */
function patientCaller(...addresses: string[]) {
  const waits: number[] = [];
  const sleep = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  const caller = new Caller({ addresses, random: () => 0.5, sleep });
  return { caller, waits, journal: journalOf(caller), [Symbol.asyncDispose]: () => caller.close() };
}

/** Takes entries until the last one is there, and then leaves. */
async function takeUntil(last: bigint, entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const taken: Entry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (entry.position === last) break;
  }
  return taken;
}

async function errorOfReading(entries: AsyncIterable<Entry>): Promise<unknown> {
  try {
    await takeUntil(-1n, entries);
    return undefined;
  } catch (error) {
    return error;
  }
}

const positionsOf = (entries: readonly Entry[]) => entries.map(({ position }) => position);

describe('a watch', () => {
  test('gives entries as they come, begins where it is told, and tells the server when it is left', async () => {
    const requests: WatchEntriesRequest[] = [];
    let left: Promise<unknown> = Promise.resolve();
    await using server = await startScriptedServer({
      async *watchEntries(request, call) {
        requests.push(request);
        left = once(call, 'cancelled');
        yield { entries: [], head: wireHead(5n) };
        yield message(6n, 7n);
        yield message(8n, 8n);
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address, timeoutMs: 50 });
    const entries = await takeUntil(8n, bank.journal.watch({ branch: 0, after: 5n, seal: head(5n) }));
    expect(positionsOf(entries)).toEqual([6n, 7n, 8n]);
    expect(entries[0]).toMatchObject({ kind: 'branch-opened', branch: 0, writeId: 'w' });
    await left;
    expect(requests).toEqual([{ branch: 0, after: 5n, seal: wireHead(5n) }]);
  });

  test('has no deadline, whatever that of the client', async () => {
    let deadline: unknown;
    await using server = await startScriptedServer({
      async *watchEntries(_, call) {
        deadline = call.getDeadline();
        yield message(1n, 1n);
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address, timeoutMs: 50 });
    await takeUntil(1n, bank.journal.watch({ branch: 0 }));
    expect(deadline).toBe(Infinity);
  });

  test('says of the last entry which seal covers it, if the journal ended there', async () => {
    await using server = await startScriptedServer({
      async *watchEntries() {
        const sealed = wireEntry(3n, { position: { branch: 0, position: 3n, seal: wireHead(4n) } });
        yield message(1n, 2n);
        yield { entries: [sealed], head: wireHead(9n) };
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address });
    const [first, second, third] = await takeUntil(3n, bank.journal.watch({ branch: 0 }));
    expect(first).not.toHaveProperty('seal');
    expect(second?.seal).toEqual(head(2n));
    expect(third?.seal).toEqual(head(4n));
  });

  test('begins anew with every iteration', async () => {
    await using server = await startScriptedServer({
      async *watchEntries({ after }) {
        yield message(after + 1n, after + 2n);
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address });
    const watch = bank.journal.watch({ branch: 0, after: 1n });
    expect(positionsOf(await takeUntil(3n, watch))).toEqual([2n, 3n]);
    expect(positionsOf(await takeUntil(3n, watch))).toEqual([2n, 3n]);
  });

  test('asks nothing before it is read, and names what is wrong then', async () => {
    await using server = await startScriptedServer({});
    await using bank = new Bank({ servers: server.address });
    for (const [params, field] of [
      [{}, 'branch'],
      [{ branch: 1, after: 5 }, 'after'],
      [{ branch: 1, seal: {} }, 'seal.hash'],
      [{ branch: 1, seal: { position: 0n, hash: new Uint8Array(32) } }, 'seal.position'],
      [{ branch: 1, seal: { position: 1n, hash: new Uint8Array(31) } }, 'seal.hash'],
      [{ branch: 1, patienceMs: 0 }, 'patienceMs'],
    ] as const) {
      const watch = bank.journal.watch(params as Parameters<typeof bank.journal.watch>[0]);
      await expect(errorOfReading(watch)).resolves.toMatchObject({ reason: 'INVALID_FIELD', field });
    }
    expect(server.calls).toEqual([]);
  });

  test('makes the server wait for a slow reader, and holds but a message of its own', async () => {
    let written = 0;
    await using server = await startScriptedServer({
      async *watchEntries() {
        for (; written < 100; written++) {
          const big = wireEntry(BigInt(written) + 1n, { description: 'x'.repeat(200_000) });
          yield { entries: [big] };
        }
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address });
    let taken = 0;
    for await (const { position } of bank.journal.watch({ branch: 0 })) {
      taken += 1;
      if (taken === 1) {
        // Long enough to write all of it, if nothing held it up.
        await delay(300);
        expect(written).toBeLessThan(10);
      }
      if (position === 100n) break;
    }
    expect(taken).toBe(100);
  });
});

describe('a watch is resumed without a gap and without a repetition', () => {
  test.for<[string, () => StatusError | undefined]>([
    ['UNAVAILABLE', () => refusal('UNAVAILABLE', { problem: 'shutting down' })],
    ['SLOW_READER', () => refusal('SLOW_READER', { seconds: '30' })],
    ['OVERLOADED', () => refusal('OVERLOADED', { problem: 'too many watchers' })],
    ['a proxy with a deadline', () => plainStatus(status.DEADLINE_EXCEEDED)],
    ['a reset stream', () => plainStatus(status.CANCELLED)],
    ['the end of the stream', () => undefined],
  ])('after %s', async ([, failure]) => {
    const requests: WatchEntriesRequest[] = [];
    await using server = await startScriptedServer({
      *watchEntries(request) {
        requests.push(request);
        const { after } = request;
        yield message(after + 1n, after + 3n, after + 4n);
        yield message(after + 4n, after + 4n);
        const thrown = failure();
        if (thrown !== undefined) throw thrown;
      },
    });
    await using client = patientCaller(server.address);
    const entries = await takeUntil(12n, client.journal.watch({ branch: 0, seal: head(9n, 7) }));
    expect(positionsOf(entries)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n]);
    expect(requests).toEqual([
      { branch: 0, after: 0n, seal: wireHead(9n, 7) },
      { branch: 0, after: 4n, seal: wireHead(4n) },
      { branch: 0, after: 8n, seal: wireHead(8n) },
    ]);
    expect(client.waits).toHaveLength(2);
  });

  test('in the middle of what the reader had not taken yet, with no seal where none is known', async () => {
    const requests: WatchEntriesRequest[] = [];
    await using server = await startScriptedServer({
      *watchEntries(request) {
        requests.push(request);
        if (requests.length > 1) yield message(3n, 4n);
        else yield message(1n, 2n, 8n);
        throw refusal('UNAVAILABLE', { problem: 'gone' });
      },
    });
    await using client = patientCaller(server.address);
    await takeUntil(4n, client.journal.watch({ branch: 0, seal: head(1n) }));
    expect(requests[1]).toEqual({ branch: 0, after: 2n, seal: undefined });
  });

  test('and with the seal of a sign of life, once the journal is found to end there', async () => {
    const requests: WatchEntriesRequest[] = [];
    await using server = await startScriptedServer({
      *watchEntries(request) {
        requests.push(request);
        if (requests.length > 1) yield message(3n, 3n);
        else {
          yield message(1n, 2n, 8n);
          yield { entries: [], head: wireHead(2n) };
        }
        throw refusal('UNAVAILABLE', { problem: 'gone' });
      },
    });
    await using client = patientCaller(server.address);
    await takeUntil(3n, client.journal.watch({ branch: 0 }));
    expect(requests[1]).toEqual({ branch: 0, after: 2n, seal: wireHead(2n) });
  });

  test('when the connection breaks off', async () => {
    await using server = await startScriptedServer({
      async *watchEntries({ after }) {
        yield message(after + 1n, after + 1n);
        await never();
      },
    });
    await using proxy = await startProxy(server.port);
    await using bank = new Bank({ servers: proxy.address });
    const seen: bigint[] = [];
    for await (const { position } of bank.journal.watch({ branch: 0 })) {
      seen.push(position);
      if (position === 3n) break;
      proxy.breakOff();
    }
    expect(seen).toEqual([1n, 2n, 3n]);
    expect(server.calls).toHaveLength(3);
  });

  test('on another server, at once, when its own dies; and stays there', async () => {
    const first = await startScriptedServer({
      async *watchEntries(): AsyncGenerator<WatchEntriesResponse> {
        yield message(1n, 2n, 2n, branch);
        setImmediate(() => void first.stop());
        await never();
      },
    });
    await using second = await startScriptedServer({
      *watchEntries({ after }) {
        yield message(after + 1n, after + 1n, after + 1n, branch);
        throw refusal('SLOW_READER', { seconds: '30' });
      },
    });
    const addresses = [first.address, second.address];
    const branch = branchOf(first.address, addresses);
    await using client = patientCaller(...addresses);
    const entries = await takeUntil(4n, client.journal.watch({ branch }));
    expect(positionsOf(entries)).toEqual([1n, 2n, 3n, 4n]);
    expect(second.calls).toHaveLength(2);
    expect(client.waits).toEqual([50]);
  });

  test('on another server, if its own has too many watchers', async () => {
    await using full = await startScriptedServer({
      *watchEntries() {
        throw refusal('OVERLOADED', { problem: 'too many watchers' });
      },
    });
    await using second = await startScriptedServer({
      async *watchEntries() {
        yield message(1n, 1n, 1n, branch);
        await never();
      },
    });
    const addresses = [full.address, second.address];
    const branch = branchOf(full.address, addresses);
    await using client = patientCaller(...addresses);
    await takeUntil(1n, client.journal.watch({ branch }));
    expect([full.calls.length, second.calls.length]).toEqual([1, 1]);
  });

  test('when a server falls silent, but not while it gives signs of life', async () => {
    let cancelled: Promise<unknown> = Promise.resolve();
    await using server = await startScriptedServer({
      async *watchEntries({ after }, call) {
        yield message(after + 1n, after + 1n);
        if (after === 0n) {
          cancelled = once(call, 'cancelled');
          await never();
        }
        // Longer than the silence that is waited for, all in all.
        for (let i = 0; i < 15; i++) {
          await delay(100);
          yield { entries: [], head: wireHead(after + 1n) };
        }
        yield message(after + 2n, after + 2n);
        await never();
      },
    });
    await using client = patientCaller(server.address);
    const watch = watchJournal(client.caller, { branch: 0 }, {}, 1_000);
    expect(positionsOf(await takeUntil(3n, watch))).toEqual([1n, 2n, 3n]);
    expect(server.calls).toHaveLength(2);
    await cancelled;
  });

  test('with longer and longer waits, if a server says hello and no more', async () => {
    const controller = new AbortController();
    const waits: number[] = [];
    const sleep = (ms: number) => {
      if (waits.push(ms) === 7) controller.abort();
      return Promise.resolve();
    };
    await using server = await startScriptedServer({
      *watchEntries() {
        yield { entries: [], head: wireHead(0n) };
        throw refusal('UNAVAILABLE', { problem: 'no database' });
      },
    });
    const caller = new Caller({ addresses: [server.address], random: () => 0.5, sleep });
    const watch = journalOf(caller).watch({ branch: 0 }, { signal: controller.signal });
    await expect(errorOfReading(watch)).resolves.toBeInstanceOf(CancelledError);
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
    await caller.close();
  });
});

describe('a watch ends', () => {
  test.for([
    ['BRANCH_NOT_FOUND', BranchNotFoundError, { branch: 0 }],
    ['JOURNAL_DIVERGED', JournalDivergedError, { branch: 0, position: 7n }],
    ['INTERNAL', BankError, {}],
  ] as const)('with %s, and is not tried again', async ([reason, errorClass, properties]) => {
    await using server = await startScriptedServer({
      *watchEntries() {
        throw refusal(reason, { branch: '0', position: '7', problem: 'bug' });
      },
    });
    await using client = patientCaller(server.address);
    const error = await errorOfReading(client.journal.watch({ branch: 0 }));
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ reason, ...properties, attempts: 1 });
    expect(server.calls).toHaveLength(1);
  });

  test('with the truth about an older server', async () => {
    await using server = await startScriptedServer({});
    await using client = patientCaller(server.address);
    const error = await errorOfReading(client.journal.watch({ branch: 0 }));
    expect(error).toMatchObject({ reason: 'NOT_FOUND', attempts: 1 });
  });

  test.for([
    ['a gap', message(2n, 3n)],
    ['a repetition', { entries: [wireEntry(1n), wireEntry(1n)] }],
    ['another branch', message(1n, 1n, 1n, 5)],
    ['a seal of the wrong size', { entries: [], head: { position: 1n, hash: Buffer.alloc(31) } }],
  ] as [string, WatchEntriesResponse][])('rather than pass %s on', async ([, damaged]) => {
    await using server = await startScriptedServer({
      async *watchEntries() {
        yield damaged;
        await never();
      },
    });
    await using client = patientCaller(server.address);
    const error = await errorOfReading(client.journal.watch({ branch: 0 }));
    expect(error).toMatchObject({
      reason: 'INTERNAL',
      rawMessage: expect.stringContaining('damaged') as string,
    });
  });

  test('once no server has answered for as long as its patience', async () => {
    await using bank = new Bank({ servers: [await deadAddress(), await deadAddress()] });
    const error = await errorOfReading(bank.journal.watch({ branch: 0, patienceMs: 300 }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).attempts).toBeGreaterThan(1);
  });

  test('by the time since the first of several failures, not since the last', async () => {
    const sleep = () => Promise.resolve();
    const caller = new Caller({ addresses: [await deadAddress()], random: () => 0, sleep });
    const error = await errorOfReading(journalOf(caller).watch({ branch: 0, patienceMs: 50 }));
    expect(error).toBeInstanceOf(UnavailableError);
    await caller.close();
  });

  test('when the signal aborts: while it waits, and between the entries of a message', async () => {
    await using server = await startScriptedServer({
      async *watchEntries() {
        yield message(1n, 3n);
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address });
    for (const last of [1n, 3n]) {
      const controller = new AbortController();
      const seen: bigint[] = [];
      const reading = (async () => {
        for await (const { position } of bank.journal.watch({ branch: 0 }, { signal: controller.signal })) {
          seen.push(position);
          if (position === last) setImmediate(() => controller.abort(new Error('enough')));
          if (position === 1n && last === 1n) await once(controller.signal, 'abort');
        }
      })();
      const error = await reading.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).toMatchObject({ cause: { message: 'enough' } });
      expect(seen.at(-1)).toBe(last);
    }
  });

  test('and leaves no listener on the signal', async () => {
    await using server = await startScriptedServer({
      async *watchEntries() {
        yield message(1n, 1n);
        await never();
      },
    });
    await using bank = new Bank({ servers: server.address });
    const { signal } = new AbortController();
    for await (const { position } of bank.journal.watch({ branch: 0 }, { signal })) {
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      if (position === 1n) break;
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('before it begins, if the signal aborted before', async () => {
    await using server = await startScriptedServer({});
    await using bank = new Bank({ servers: server.address });
    const watch = bank.journal.watch({ branch: 0 }, { signal: AbortSignal.abort(new Error('too late')) });
    await expect(errorOfReading(watch)).resolves.toMatchObject({
      reason: 'CANCELLED',
      cause: { message: 'too late' },
    });
    expect(server.calls).toEqual([]);
  });

  test('when the client is closed, which does not wait for it', async () => {
    let cancelled: Promise<unknown> = Promise.resolve();
    await using server = await startScriptedServer({
      async *watchEntries(_, call) {
        cancelled = once(call, 'cancelled');
        yield message(1n, 1n);
        await never();
      },
    });
    const bank = new Bank({ servers: server.address });
    const reading = (async () => {
      for await (const { position } of bank.journal.watch({ branch: 0 })) {
        if (position === 1n) setImmediate(() => void bank.close());
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(ClientClosedError);
    await cancelled;
    await bank.close();
    const later = errorOfReading(bank.journal.watch({ branch: 0 }));
    await expect(later).resolves.toBeInstanceOf(ClientClosedError);
  });
});

/** A branch whose requests go to `address` first. */
function branchOf(address: string, addresses: readonly string[]): number {
  for (let branch = 0; ; branch++)
    if (addresses[rankServers(addresses, branch)[0] ?? -1] === address) return branch;
}
