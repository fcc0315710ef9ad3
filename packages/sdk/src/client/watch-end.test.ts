import { getEventListeners, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { BankError } from '../errors/bank-error.js';
import { CancelledError, ClientClosedError, UnavailableError } from '../errors/failures.js';
import { JournalDivergedError } from '../errors/journal-refusals.js';
import { BranchNotFoundError } from '../errors/refusals.js';
import type { WatchEntriesResponse } from '../gen/giro/v1/journal_service.js';
import { Bank } from './bank.js';
import { Caller } from './caller.js';
import { journalOf } from './journal.js';
import { deadAddress, refusal, startScriptedServer } from './scripted-server.fixture.js';
import { errorOfReading, message, never, patientCaller } from './watch.fixture.js';
import { wireEntry } from './wire-answers.fixture.js';

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
