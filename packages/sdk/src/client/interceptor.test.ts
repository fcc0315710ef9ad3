import { status } from '@grpc/grpc-js';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { BATCH_COMMANDS_MAX } from '../limits.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { applied, idOf } from './batch.fixture.js';
import type { Interceptor, OutgoingCall } from './interceptor.js';
import { logCalls } from './log-calls.js';
import { plainStatus, refusal, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { message } from './watch.fixture.js';
import { wireAccount, wireReceipt } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';
const deposit = { to: ACCOUNT, amount: money('1.00', 'USD') };

function bankAt({ address }: { readonly address: string }, ...interceptors: Interceptor[]): Bank {
  return new Bank({ servers: address, interceptors });
}

/** Keeps the headers of what comes. */
function listening(): { scripts: Scripts; headers: Record<string, unknown>[] } {
  const headers: Record<string, unknown>[] = [];
  const keep = ({ metadata }: { metadata: { getMap(): Record<string, unknown> } }) => {
    headers.push(metadata.getMap());
  };
  const scripts: Scripts = {
    getAccount: (_request, call) => {
      keep(call);
      return { account: wireAccount({ id: ACCOUNT }) };
    },
    deposit: ({ id }, call) => {
      keep(call);
      return { receipt: wireReceipt(id) };
    },
    executeBatch: ({ commands }, call) => {
      keep(call);
      return {
        outcomes: commands.map(({ command }) => ({
          outcome: { $case: 'receipt', value: wireReceipt(command?.value.id ?? '') },
        })),
      };
    },
    *watchEntries(_request, call) {
      keep(call);
      yield message(1n, 1n, 1n, 17);
    },
  };
  return { scripts, headers };
}

describe('interceptors', () => {
  test('stand around each call, the first outermost, and see its outcome', async () => {
    await using server = await startScriptedServer({
      ...listening().scripts,
      getAccount: () => {
        throw refusal('ACCOUNT_NOT_FOUND', { account: ACCOUNT });
      },
    });
    const seen: string[] = [];
    const noting =
      (name: string): Interceptor =>
      async (call, next) => {
        seen.push(`${name} ${call.kind} ${call.method} of branch ${call.branch}`);
        try {
          return await next(call);
        } catch (error) {
          seen.push(`${name} ${(error as { reason: string }).reason}`);
          throw error;
        }
      };
    await using bank = bankAt(server, noting('outer'), noting('inner'));
    const id = '0199abcd-0000-7000-8000-00000000abcd';
    await expect(bank.deposit({ ...deposit, id })).resolves.toMatchObject({ id });
    await expect(bank.accounts.get(ACCOUNT)).rejects.toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' });
    expect(seen).toEqual([
      'outer write Deposit of branch 17',
      'inner write Deposit of branch 17',
      'outer read GetAccount of branch 17',
      'inner read GetAccount of branch 17',
      'inner ACCOUNT_NOT_FOUND',
      'outer ACCOUNT_NOT_FOUND',
    ]);
  });

  test('may add headers, which keep a call by itself', async () => {
    const { scripts, headers } = listening();
    await using server = await startScriptedServer(scripts);
    const tenant: Interceptor = (call, next) =>
      next({ ...call, headers: { ...call.headers, 'x-tenant': 'acme' } });
    await using bank = bankAt(server, tenant);
    await Promise.all(Array.from({ length: 20 }, () => bank.deposit(deposit)));
    for await (const entry of bank.journal.watch({ branch: 17 })) {
      expect(entry.position).toBe(1n);
      break;
    }
    expect(headers).toHaveLength(21);
    expect(headers.every((each) => each['x-tenant'] === 'acme')).toBe(true);
  });

  test('may add a trace, which calls of one request share', async () => {
    const { scripts, headers } = listening();
    await using server = await startScriptedServer(scripts);
    let count = 0;
    const trace: Interceptor = (call, next) => {
      const traceparent = `00-${'a'.repeat(32)}-${String((count += 1)).padStart(16, '0')}-01`;
      return next({ ...call, headers: { traceparent } });
    };
    await using bank = bankAt(server, trace);
    await bank.ready();
    await Promise.all(Array.from({ length: 20 }, () => bank.deposit(deposit)));
    expect(headers.length).toBeLessThan(20);
    expect(headers[0]).toMatchObject({ traceparent: expect.stringMatching(/-0{15}1-01$/) as string });
  });

  test('may change the deadline and the signal; the time that they take counts', async () => {
    await using server = await startScriptedServer({ getAccount: () => new Promise(() => undefined) });
    await using slow = bankAt(server, async (call, next) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return next(call);
    });
    const startedMs = performance.now();
    await expect(slow.accounts.get(ACCOUNT, { timeoutMs: 300 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
    expect(performance.now() - startedMs).toBeLessThan(430);
    await using short = bankAt(server, (call, next) => next({ ...call, timeoutMs: 50 }));
    await expect(short.accounts.get(ACCOUNT)).rejects.toThrow('within 50 ms');
    await using aborted = bankAt(server, (call, next) => next({ ...call, signal: AbortSignal.abort('no') }));
    await expect(aborted.accounts.get(ACCOUNT)).rejects.toMatchObject({ reason: 'CANCELLED', cause: 'no' });
  });

  test('that set a signal leave the caller and close() theirs', async () => {
    await using server = await startScriptedServer({
      getAccount: () => new Promise(() => undefined),
      verifyJournal: async function* () {
        await new Promise(() => undefined);
        yield* [];
      },
      watchEntries: async function* () {
        await new Promise(() => undefined);
        yield* [];
      },
    });
    const own = new AbortController();
    const bank = bankAt(server, (call, next) => next({ ...call, signal: own.signal }));
    const caller = new AbortController();
    const read = bank.accounts.get(ACCOUNT, { signal: caller.signal });
    const verification = bank.journal.verify({ branch: 17 });
    const watching = bank.journal.watch({ branch: 17 })[Symbol.asyncIterator]().next();
    const ends = Promise.allSettled([read, verification, watching]);
    await vi.waitUntil(() => server.calls.length === 3);
    caller.abort('enough');
    await expect(read).rejects.toMatchObject({ reason: 'CANCELLED', cause: 'enough' });
    await bank.close();
    expect(await ends).toMatchObject([
      { reason: { reason: 'CANCELLED' } },
      { reason: { reason: 'CLIENT_CLOSED' } },
      { reason: { reason: 'CLIENT_CLOSED' } },
    ]);
  });

  test('hear of every attempt, of calls and of watches', async () => {
    const failures = [plainStatus(status.UNAVAILABLE, 'first'), plainStatus(status.UNAVAILABLE, 'second')];
    let watched = 0;
    await using server = await startScriptedServer({
      getAccount: () => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        return { account: wireAccount({ id: ACCOUNT }) };
      },
      *watchEntries() {
        if ((watched += 1) === 1) throw plainStatus(status.UNAVAILABLE, 'third');
        yield message(1n, 1n, 1n, 17);
      },
      executeBatch: ({ commands }) => ({ outcomes: commands.map((command) => applied(idOf(command))) }),
    });
    const attempts: string[] = [];
    const retries: string[] = [];
    await using bank = bankAt(server, (call, next) =>
      next({
        ...call,
        onAttempt: (attempt) => {
          expect(attempt.server).toBe(server.address);
          attempts.push(`${call.method} ${attempt.attempts}`);
        },
        onRetry: (retry) => {
          expect(retry.server).toBe(server.address);
          retries.push(`${call.method} ${retry.attempts} ${retry.reason} ${retry.problem}`);
        },
      }),
    );
    await bank.accounts.get(ACCOUNT);
    for await (const entry of bank.journal.watch({ branch: 17 })) if (entry.position === 1n) break;
    await Promise.all([bank.deposit(deposit), bank.deposit(deposit)]);
    expect(attempts).toEqual([
      'GetAccount 1',
      'GetAccount 2',
      'GetAccount 3',
      'WatchEntries 1',
      'WatchEntries 2',
      'Deposit 1',
      'Deposit 1',
    ]);
    expect(retries).toEqual([
      'GetAccount 1 UNAVAILABLE first',
      'GetAccount 2 UNAVAILABLE second',
      'WatchEntries 1 UNAVAILABLE third',
    ]);
  });

  test('of a watch see it end, however it ends', async () => {
    const { scripts } = listening();
    await using server = await startScriptedServer(scripts);
    const ends: string[] = [];
    const noting: Interceptor = async (call, next) => {
      try {
        const result = await next(call);
        ends.push('well');
        return result;
      } catch (error) {
        ends.push((error as { reason: string }).reason);
        throw error;
      }
    };
    const bank = bankAt(server, noting);
    for await (const entry of bank.journal.watch({ branch: 17 })) if (entry.position === 1n) break;
    const stop = new AbortController();
    const watching = (async () => {
      for await (const entry of bank.journal.watch({ branch: 17 }, { signal: stop.signal }))
        if (entry.position === 1n) stop.abort();
    })();
    await expect(watching).rejects.toMatchObject({ reason: 'CANCELLED' });
    expect(ends).toEqual(['well', 'CANCELLED']);
    await bank.close();
  });

  test('that throw before they go on end the call, and nothing is sent', async () => {
    await using server = await startScriptedServer({});
    const bank = bankAt(server, () => Promise.reject(new RangeError('no more today')));
    await expect(bank.deposit(deposit)).rejects.toThrow('no more today');
    await expect(bank.journal.verify({ branch: 17 })).rejects.toThrow('no more today');
    const watching = bank.journal.watch({ branch: 17 })[Symbol.asyncIterator]();
    await expect(watching.next()).rejects.toThrow('no more today');
    await bank.close();
    expect(server.calls).toEqual([]);
  });

  test('that make headers gRPC cannot send are told so, and nothing is sent', async () => {
    await using server = await startScriptedServer({});
    for (const headers of [
      { 'x-user': 'Jürgen' },
      { 'x user': 'a' },
      { 'x-user-bin': 'a' },
      { traceparent: '☃' },
      { Authorization: 'Bearer abc' },
    ]) {
      const bank = bankAt(server, (call, next) => next({ ...call, headers }));
      const [name = ''] = Object.keys(headers);
      const wrong = { reason: 'INVALID_FIELD', field: `headers.${name}` };
      await expect(bank.deposit(deposit)).rejects.toMatchObject(wrong);
      await expect(bank.journal.verify({ branch: 17 })).rejects.toMatchObject(wrong);
      const watching = bank.journal.watch({ branch: 17 })[Symbol.asyncIterator]();
      await expect(watching.next()).rejects.toMatchObject(wrong);
      await bank.close();
    }
    await using late = bankAt(server, (call, next) => next({ ...call, timeoutMs: NaN }));
    await expect(late.deposit(deposit)).rejects.toMatchObject({ field: 'timeoutMs' });
    expect(server.calls).toEqual([]);
  });

  test('stand around all requests of a batch, though the client is being closed', async () => {
    const { scripts, headers } = listening();
    await using server = await startScriptedServer(scripts);
    const bank = bankAt(server, (call, next) => next(call));
    await bank.ready();
    const batch = bank.batch(Array.from({ length: BATCH_COMMANDS_MAX + 1 }, () => ({ deposit })));
    await bank.close();
    expect((await batch).every(({ ok }) => ok)).toBe(true);
    expect(headers).toHaveLength(2);
  });

  test('are typed: the outcome is handed on as it is', () => {
    expectTypeOf<Interceptor>().parameter(0).toEqualTypeOf<OutgoingCall>();
    // @ts-expect-error an interceptor cannot make an outcome of its own
    const wrong: Interceptor = () => Promise.resolve(5);
    expect(wrong).toBeTypeOf('function');
  });
});

describe('a logger', () => {
  test('hears of calls and failed attempts, and of nothing personal', async () => {
    await using server = await startScriptedServer({
      deposit: unavailableAtFirst(),
      getAccount: () => {
        throw refusal('ACCOUNT_NOT_FOUND', { account: ACCOUNT });
      },
    });
    const lines: [string, string, unknown][] = [];
    const logger = {
      debug: (message: string, fields: unknown) => lines.push(['debug', message, fields]),
      warn: (message: string, fields: unknown) => lines.push(['warn', message, fields]),
    };
    await using bank = new Bank({ servers: server.address, logger });
    const { id } = await bank.deposit({ ...deposit, description: 'rent' });
    await bank.accounts.get(ACCOUNT).catch(() => undefined);
    const call = 'giro.v1.TransferService/Deposit';
    expect(lines).toMatchObject([
      [
        'warn',
        'attempt failed',
        { call, branch: 17, id, attempts: 1, server: server.address, reason: 'UNAVAILABLE' },
      ],
      ['debug', 'call ended', { call, branch: 17, id, server: server.address, outcome: 'OK' }],
      ['debug', 'call ended', { call: 'giro.v1.AccountService/GetAccount', outcome: 'ACCOUNT_NOT_FOUND' }],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/17-1042|rent|1\.00/);
  });

  test('that throws changes no outcome', async () => {
    await using server = await startScriptedServer({ deposit: unavailableAtFirst() });
    const broken = () => {
      throw new TypeError('the disk is full');
    };
    await using bank = new Bank({ servers: server.address, logger: { debug: broken, warn: broken } });
    await expect(bank.deposit(deposit)).resolves.toMatchObject({ replayed: false });
  });

  test('that wants no debug hears of failed attempts alone', async () => {
    await using server = await startScriptedServer({ deposit: unavailableAtFirst() });
    const warn = vi.fn();
    await using bank = new Bank({ servers: server.address, logger: { warn } });
    const { id } = await bank.deposit(deposit);
    const call = 'giro.v1.TransferService/Deposit';
    const fields = { call, branch: 17, id, attempts: 1, server: server.address, reason: 'UNAVAILABLE' };
    expect(warn.mock.calls).toEqual([
      ['attempt failed', { ...fields, delayMs: expect.any(Number) as number }],
    ]);
  });

  test('is the only one who hears anything', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level),
    );
    await using bank = new Bank('127.0.0.1:1');
    await bank.accounts.get(ACCOUNT, { timeoutMs: 200 }).catch(() => undefined);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expectTypeOf(logCalls).returns.toEqualTypeOf<Interceptor>();
  });
});

/** Takes deposits, but not the first. */
function unavailableAtFirst(): NonNullable<Scripts['deposit']> {
  const failures = [plainStatus(status.UNAVAILABLE)];
  return ({ id }) => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return { receipt: wireReceipt(id) };
  };
}
