import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { CancelledError } from '../errors/failures.js';
import type { WatchEntriesRequest, WatchEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { Bank } from './bank.js';
import { startProxy } from './breakable-proxy.fixture.js';
import { Caller } from './caller.js';
import { journalOf } from './journal.js';
import { rankServers } from './routing.js';
import { plainStatus, refusal, startScriptedServer, type StatusError } from './scripted-server.fixture.js';
import { errorOfReading, message, never, patientCaller, positionsOf, takeUntil } from './watch.fixture.js';
import { watchJournal } from './watch.js';
import { head, wireHead } from './wire-answers.fixture.js';

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

/** A branch whose requests go to `address` first. */
function branchOf(address: string, addresses: readonly string[]): number {
  for (let branch = 0; ; branch++)
    if (addresses[rankServers(addresses, branch)[0] ?? -1] === address) return branch;
}
