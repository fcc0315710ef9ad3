import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnauthenticatedError } from '../errors/failures.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { plainStatus, refusal, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { Token } from './token.js';
import { wireAccount, wireReceipt } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';
const deposit = { to: ACCOUNT, amount: money('1.00', 'USD') };
const allowTokenOverPlaintext = true;

/** Takes these tokens and no others, and keeps what was sent. */
function guarded(...known: string[]): { scripts: Scripts; sent: string[] } {
  const sent: string[] = [];
  const check = (call: { metadata: { get(name: string): unknown[] } }) => {
    const [header] = call.metadata.get('authorization');
    sent.push(String(header));
    const token = String(header).replace('Bearer ', '');
    if (!known.includes(token)) throw refusal('UNAUTHENTICATED', { problem: 'the token is not known' });
  };
  const scripts: Scripts = {
    getAccount: (_request, call) => {
      check(call);
      return { account: wireAccount({ id: ACCOUNT }) };
    },
    deposit: ({ id }, call) => {
      check(call);
      return { receipt: wireReceipt(id) };
    },
    *watchEntries(_request, call) {
      check(call);
      yield* [];
    },
  };
  return { scripts, sent };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a token', () => {
  test('goes with reads, writes and streams', async () => {
    const { scripts, sent } = guarded('abc');
    await using server = await startScriptedServer(scripts);
    await using bank = new Bank({ servers: server.address, token: 'abc', allowTokenOverPlaintext });
    await bank.accounts.get(ACCOUNT);
    await bank.deposit(deposit);
    const stop = new AbortController();
    const watching = (async () => {
      for await (const entry of bank.journal.watch({ branch: 1 }, { signal: stop.signal })) return entry;
      return undefined;
    })();
    await vi.waitUntil(() => sent.length >= 3);
    stop.abort();
    await expect(watching).rejects.toMatchObject({ reason: 'CANCELLED' });
    expect(new Set(sent)).toEqual(new Set(['Bearer abc']));
  });

  test('that the bank does not know ends the call at once, and nothing was applied', async () => {
    const { scripts, sent } = guarded('other');
    await using server = await startScriptedServer(scripts);
    await using bank = new Bank({ servers: server.address, token: 'abc', allowTokenOverPlaintext });
    const error = await bank.deposit(deposit).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnauthenticatedError);
    expect(error).toMatchObject({ attempts: 1, httpStatus: 401 });
    expect(String(error)).not.toContain('abc');
    expect(sent).toHaveLength(1);
  });

  test('is told to be wrong by a proxy, too', async () => {
    await using server = await startScriptedServer({
      getAccount: () => {
        throw plainStatus(status.UNAUTHENTICATED, 'no');
      },
    });
    await using bank = new Bank({ servers: server.address });
    await expect(bank.accounts.get(ACCOUNT)).rejects.toBeInstanceOf(UnauthenticatedError);
  });

  test('of a function that the bank refuses is replaced at once, for reads, writes and streams', async () => {
    const { scripts, sent } = guarded('new');
    await using server = await startScriptedServer(scripts);
    const client = () => {
      const tokens = ['old', 'new', 'unused'];
      const token = vi.fn(() => Promise.resolve(tokens.shift() ?? ''));
      return { token, bank: new Bank({ servers: server.address, token, allowTokenOverPlaintext }) };
    };
    const reading = client();
    await Promise.all(Array.from({ length: 50 }, () => reading.bank.accounts.get(ACCOUNT)));
    expect(reading.token).toHaveBeenCalledTimes(2);
    sent.length = 0;
    const writing = client();
    await expect(writing.bank.deposit(deposit)).resolves.toMatchObject({ replayed: false });
    expect(sent.splice(0)).toEqual(['Bearer old', 'Bearer new']);
    const watching = client();
    const stop = new AbortController();
    const next = watching.bank.journal.watch({ branch: 1 }, { signal: stop.signal })[Symbol.asyncIterator]();
    const ended = next.next().catch((error: unknown) => error);
    await vi.waitUntil(() => sent.includes('Bearer new'));
    stop.abort();
    await expect(ended).resolves.toMatchObject({ reason: 'CANCELLED' });
    expect(watching.token).toHaveBeenCalledTimes(2);
    await Promise.all([reading, writing, watching].map(({ bank }) => bank.close()));
  });

  test('of a function that the bank never knows is replaced once a call, and asked for once a second', async () => {
    const { scripts, sent } = guarded();
    await using server = await startScriptedServer(scripts);
    let asked = 0;
    const token = () => `t${(asked += 1)}`;
    await using bank = new Bank({ servers: server.address, token, allowTokenOverPlaintext });
    await expect(bank.deposit(deposit)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED', attempts: 2 });
    expect(sent).toEqual(['Bearer t1', 'Bearer t2']);
    for (let i = 0; i < 20; i++) {
      await expect(bank.accounts.get(ACCOUNT)).rejects.toThrow('the bank refused the last one');
    }
    expect(asked).toBe(2);
  });

  test('refused late is not the one that came in its place', async () => {
    const tokens = ['old', 'new', 'unused'];
    const token = new Token(() => tokens.shift());
    await token.refresh(1_000, undefined);
    expect(token.refused('old')).toBe(true);
    expect(token.fresh).toBe(false);
    await token.refresh(1_000, undefined);
    expect(token.refused('old')).toBe(true);
    expect([token.fresh, token.value]).toEqual([true, 'new']);
    expect(token.refused('new')).toBe(false);
    expect(token.fresh).toBe(false);
  });

  test('function that fails is asked once a second, and its last token is sent until the bank refuses it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let asked = 0;
    const token = new Token(() => {
      asked += 1;
      if (asked === 1) return 'first';
      throw new Error('the vault is sealed');
    });
    await token.refresh(1_000, undefined);
    vi.advanceTimersByTime(10_001);
    expect(token.fresh).toBe(false);
    await expect(token.refresh(1_000, undefined)).resolves.toBeUndefined();
    expect([token.fresh, token.value, asked]).toEqual([true, 'first', 2]);
    vi.advanceTimersByTime(1_001);
    expect(token.fresh).toBe(false);
    await expect(token.refresh(1_000, undefined)).resolves.toBeUndefined();
    expect(asked).toBe(3);
    expect(token.refused('first')).toBe(false);
    for (let i = 0; i < 5; i++) {
      expect((await token.refresh(1_000, undefined))?.message).toBe('the vault is sealed');
    }
    expect(asked).toBe(3);
  });

  test('function that hangs holds calls up for a second while there is a token to send', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    const given: unknown[] = ['first', new Promise<string>(() => undefined)];
    const token = new Token(() => given.shift());
    await token.refresh(1_000, undefined);
    await vi.advanceTimersByTimeAsync(10_001);
    const refreshed = token.refresh(5_000, undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(refreshed).resolves.toBeUndefined();
    expect([token.fresh, token.value]).toEqual([true, 'first']);
  });

  test('function may take its time, for a write and a stream as for a read', async () => {
    const { scripts, sent } = guarded('abc');
    await using server = await startScriptedServer(scripts);
    const token = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 'abc';
    };
    const client = () => new Bank({ servers: server.address, token, allowTokenOverPlaintext });
    await using writing = client();
    await writing.deposit(deposit);
    await using verifying = client();
    await expect(verifying.journal.verify({ branch: 1 })).rejects.not.toBeInstanceOf(UnauthenticatedError);
    expect(sent).toEqual(['Bearer abc']);
    expect(server.calls).toHaveLength(2);
  });

  test('function that fails, gives none, or hangs, ends the call within its deadline, unsent', async () => {
    await using server = await startScriptedServer({});
    const servers = server.address;
    const failing = [
      () => Promise.reject(new Error('the vault is sealed')),
      () => '',
      () => new Promise<string>(() => undefined),
    ];
    for (const token of failing) {
      await using bank = new Bank({ servers, token, allowTokenOverPlaintext, timeoutMs: 300 });
      const [read, write] = await Promise.all([
        bank.accounts.get(ACCOUNT).catch((error: unknown) => error),
        bank.deposit(deposit).catch((error: unknown) => error),
      ]);
      for (const error of [read, write]) {
        expect(error).toMatchObject({ message: expect.stringMatching(/token|within 300 ms/) as string });
        expect(error).not.toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
      }
    }
    expect(server.calls).toEqual([]);
  });

  test('function that hangs is asked anew after thirty seconds', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    const given = [new Promise<string>(() => undefined), 'second'];
    const token = new Token(() => given.shift());
    const first = token.refresh(1_000, undefined);
    await vi.advanceTimersByTimeAsync(29_999);
    expect((await first)?.message).toBe('the token function gave none within 1000 ms');
    expect(given).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(token.refresh(1_000, undefined)).resolves.toBeUndefined();
    expect(token.value).toBe('second');
  });

  test('of a function is asked for again after ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let asked = 0;
    const token = new Token(() => `t${(asked += 1)}`);
    expect(token.fresh).toBe(false);
    await token.refresh(1_000, undefined);
    vi.advanceTimersByTime(9_999);
    expect([token.fresh, token.value]).toEqual([true, 't1']);
    vi.advanceTimersByTime(2);
    expect(token.fresh).toBe(false);
    await token.refresh(1_000, undefined);
    expect(token.value).toBe('t2');
  });
});
