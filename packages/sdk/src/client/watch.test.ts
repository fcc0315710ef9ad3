import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { WatchEntriesRequest } from '../gen/giro/v1/journal_service.js';
import { Bank } from './bank.js';
import { startScriptedServer } from './scripted-server.fixture.js';
import { errorOfReading, message, never, positionsOf, takeUntil } from './watch.fixture.js';
import { head, wireEntry, wireHead } from './wire-answers.fixture.js';

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
