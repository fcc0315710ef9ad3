import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnavailableError } from '../errors/failures.js';
import { formatAccountId } from '../ids/account-id.js';
import { money } from '../money/money.js';
import { accountsOf } from './accounts.js';
import { runBatch } from './batch.js';
import { Caller } from './caller.js';
import { movesOf } from './moves.js';
import { closePeer, connectPeer } from './peer.js';
import { Peers } from './peers.js';
import { startScriptedServer, type ScriptedServer } from './scripted-server.fixture.js';
import { Token } from './token.js';
import { wireAccount, wireReceipt } from './wire-answers.fixture.js';

const HOST = 'bank.example';

/** A name whose addresses the test sets, in place of the network's. */
function dns(...addresses: string[]) {
  const state = { addresses, lookups: 0, failing: false };
  const lookUp = (host: string) => {
    expect(host).toBe(HOST);
    state.lookups += 1;
    if (state.failing || state.addresses.length === 0) {
      return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${host}`));
    }
    return Promise.resolve(state.addresses.map((address) => ({ address, family: 4 })));
  };
  return { state, lookUp };
}

const scripts = () => ({
  getAccount: ({ account }: { account: string }) => ({ account: wireAccount({ id: account }) }),
  deposit: ({ id }: { id: string }) => ({ receipt: wireReceipt(id) }),
});

/** Servers at one port of several addresses, as pods are. */
async function pods(
  ...hosts: string[]
): Promise<{ port: number; servers: ScriptedServer[] } & AsyncDisposable> {
  const [first = '', ...others] = hosts;
  const servers = [await startScriptedServer(scripts(), 0, { host: first })];
  const port = servers[0]?.port ?? 0;
  for (const host of others) servers.push(await startScriptedServer(scripts(), port, { host }));
  const dispose = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  return { port, servers, [Symbol.asyncDispose]: dispose };
}

/** One account in each of many branches, so that all servers are asked. */
const ACCOUNTS = Array.from({ length: 40 }, (_, branch) => formatAccountId({ branch, serial: 1 }));
const [ACCOUNT = ''] = ACCOUNTS;

function callerOf(port: number, { lookUp }: ReturnType<typeof dns>): Caller {
  return new Caller({ addresses: [], names: [{ host: HOST, port: String(port) }], lookUp });
}

async function askAll(caller: Caller): Promise<void> {
  await Promise.all(ACCOUNTS.map((account) => accountsOf(caller).get(account)));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a name', () => {
  test('stands for a server at each of its addresses', async () => {
    await using bank = await pods('127.0.0.1', '127.0.0.2');
    const caller = callerOf(bank.port, dns('127.0.0.1', '127.0.0.2'));
    await askAll(caller);
    expect(bank.servers.every(({ calls }) => calls.length > 0)).toBe(true);
    await caller.close();
  });

  test('is looked up every two seconds: who comes is asked, who goes is not, without a connection breaking', async () => {
    await using bank = await pods('127.0.0.1', '127.0.0.2');
    const [old, fresh] = bank.servers as [ScriptedServer, ScriptedServer];
    const names = dns('127.0.0.1');
    const caller = callerOf(bank.port, names);
    await askAll(caller);
    expect([old.calls.length, fresh.calls.length]).toEqual([40, 0]);
    names.state.addresses = ['127.0.0.1', '127.0.0.2'];
    await vi.waitUntil(() => names.state.lookups >= 2, { timeout: 5_000 });
    await askAll(caller);
    expect(fresh.calls.length).toBeGreaterThan(0);
    names.state.addresses = ['127.0.0.2'];
    await vi.waitUntil(() => names.state.lookups >= 3, { timeout: 5_000 });
    const before = old.calls.length;
    await askAll(caller);
    expect(old.calls.length).toBe(before);
    await caller.close();
  });

  test('beside an address is looked up by the first call, which does not wait for it', async () => {
    await using bank = await pods('127.0.0.1', '127.0.0.2');
    let found: (addresses: { address: string; family: number }[]) => void = () => undefined;
    const lookUp = () => new Promise<{ address: string; family: number }[]>((resolve) => (found = resolve));
    const names = [{ host: HOST, port: String(bank.port) }];
    const caller = new Caller({ addresses: [`127.0.0.1:${bank.port}`], names, lookUp });
    await askAll(caller);
    expect(bank.servers.map(({ calls }) => calls.length)).toEqual([40, 0]);
    found([{ address: '127.0.0.2', family: 4 }]);
    await new Promise((resolve) => setImmediate(resolve));
    await askAll(caller);
    expect(bank.servers[1]?.calls.length).toBeGreaterThan(0);
    await caller.close();
  });

  test('that cannot be looked up any more keeps its servers', async () => {
    await using bank = await pods('127.0.0.1');
    const names = dns('127.0.0.1');
    const caller = callerOf(bank.port, names);
    await askAll(caller);
    names.state.failing = true;
    await vi.waitUntil(() => names.state.lookups >= 2, { timeout: 5_000 });
    await askAll(caller);
    expect(bank.servers[0]?.calls).toHaveLength(80);
    await caller.close();
  });

  test('that is unknown is tried again as any server that is gone, and found when it is there', async () => {
    await using bank = await pods('127.0.0.1');
    const names = dns();
    const waits: number[] = [];
    const sleep = (ms: number) => {
      waits.push(ms);
      if (waits.length === 2) names.state.addresses = ['127.0.0.1'];
      return Promise.resolve();
    };
    const { lookUp } = names;
    const caller = new Caller({
      addresses: [],
      names: [{ host: HOST, port: String(bank.port) }],
      lookUp,
      sleep,
    });
    await movesOf(caller).deposit({ to: ACCOUNT, amount: money('1.00', 'USD') });
    expect(waits).toHaveLength(2);
    await caller.close();
  });

  test('that stays unknown is told of, and nothing counts as sent', async () => {
    const caller = new Caller({
      addresses: [],
      names: [{ host: HOST, port: '5001' }],
      lookUp: dns().lookUp,
      sleep: () => Promise.resolve(),
    });
    const error = await movesOf(caller)
      .deposit({ to: ACCOUNT, amount: money('1.00', 'USD') })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      attempts: 5,
      message: expect.stringContaining(
        'dns:///bank.example:5001 cannot be looked up: getaddrinfo ENOTFOUND',
      ) as string,
    });
    await expect(caller.ready({ timeoutMs: 200 })).rejects.toThrow('cannot be looked up');
    await caller.close();
  });

  test('is looked up before the first batch, whose commands go out all the same', async () => {
    await using server = await startScriptedServer({
      executeBatch: ({ commands }) => ({
        outcomes: commands.map(({ command }) => ({
          outcome: { $case: 'receipt' as const, value: wireReceipt(command?.value.id ?? '') },
        })),
      }),
    });
    const caller = callerOf(server.port, dns('127.0.0.1'));
    const amount = money('1.00', 'USD');
    const results = await runBatch(
      caller,
      ACCOUNTS.slice(0, 2).map((to) => ({ deposit: { to, amount } })),
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, true]);
    await caller.close();
  });

  test('that goes while a call waits for its token has the call fail over, unsent', async () => {
    await using bank = await pods('127.0.0.1');
    let give: (token: string) => void = () => undefined;
    const token = new Token(() => new Promise<string>((resolve) => (give = resolve)));
    const peer = connectPeer(`127.0.0.1:${bank.port}`, { tls: undefined, token });
    const sending = peer.server.send('/giro.v1.X/Y', new Uint8Array(), {
      deadline: Infinity,
      hurry: false,
      signal: undefined,
    });
    await vi.waitUntil(() => give.length === 1);
    closePeer(peer);
    give('abc');
    await expect(sending).resolves.toEqual({ kind: 'unconnected', late: false });
    expect(peer.server.settled).toBe(false);
    expect(bank.servers[0]?.calls).toEqual([]);
  });

  test('is looked up by one at a time, however long it takes, and no more once the client is closed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const pending: (() => void)[] = [];
    let lookups = 0;
    const lookUp = async () => {
      lookups += 1;
      if (lookups > 1) await new Promise<void>((resolve) => pending.push(resolve));
      return [{ address: `127.0.0.${lookups}`, family: 4 }];
    };
    const connected: string[] = [];
    const connect = (address: string) => {
      connected.push(address);
      return connectPeer(address, { tls: undefined, token: new Token(undefined) });
    };
    const target = { addresses: [], names: [{ host: HOST, port: '1' }] };
    const peers = new Peers({ target, connect, lookUp });
    await expect(peers.found(1_000, undefined)).resolves.toBeUndefined();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(lookups).toBe(2);
    peers.close();
    for (const answer of pending) answer();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([lookups, connected]).toEqual([2, ['127.0.0.1:1']]);
  });
});
