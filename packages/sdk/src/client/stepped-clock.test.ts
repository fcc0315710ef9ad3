import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { money } from '../money/money.js';
import { accountsOf } from './accounts.js';
import { Bank } from './bank.js';
import { applied, idOf } from './batch.fixture.js';
import { Caller } from './caller.js';
import { plainStatus, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { wireAccount } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';
const HOUR_MS = 3_600_000;
const transfer = { from: ACCOUNT, to: '17-1043-96', amount: money('1.00', 'USD') };

let steppedMs: number;
beforeEach(() => {
  steppedMs = 0;
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + steppedMs);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A bank that answers once it is let. */
function gated() {
  const asked: string[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const wait = (name: string) => {
    asked.push(name);
    return gate;
  };
  const scripts: Scripts = {
    getAccount: () => wait('get').then(() => ({ account: wireAccount({ id: ACCOUNT }) })),
    executeBatch: ({ commands }) =>
      wait('batch').then(() => ({ outcomes: commands.map((command) => applied(idOf(command))) })),
  };
  return { asked, scripts, open };
}

describe.each([
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
])('a wall clock that is set %s by an hour', (_, step) => {
  test('ends no call that is answered in time', async () => {
    const { asked, scripts, open } = gated();
    await using server = await startScriptedServer(scripts);
    await using bank = new Bank({ servers: server.address });
    const calls = [
      bank.accounts.get(ACCOUNT),
      bank.transfer(transfer, { timeoutMs: 5_000 }),
      bank.transfer(transfer, { timeoutMs: 6_000 }),
    ];
    const hasty = bank.transfer(transfer, { timeoutMs: 300 });
    await vi.waitUntil(() => asked.length === 2);
    steppedMs = step;
    // At its end, the deadlines of all calls to the server are looked at.
    await expect(hasty).rejects.toMatchObject({ name: 'UnknownOutcomeError' });
    open();
    await expect(Promise.all(calls)).resolves.toHaveLength(3);
  });

  test('lets no call wait longer', async () => {
    const { asked, scripts, open } = gated();
    await using server = await startScriptedServer(scripts);
    await using bank = new Bank({ servers: server.address });
    await bank.ready();
    const startedMs = performance.now();
    const hasty = [
      bank.accounts.get(ACCOUNT, { timeoutMs: 500 }),
      bank.transfer(transfer, { timeoutMs: 500 }),
    ];
    const patient = bank.transfer(transfer, { timeoutMs: 5_000 });
    await vi.waitUntil(() => asked.length === 2);
    steppedMs = step;
    const outcomes = await Promise.allSettled(hasty);
    const tookMs = performance.now() - startedMs;
    open();
    expect(outcomes).toMatchObject([
      { reason: { name: 'DeadlineExceededError', attempts: 1 } },
      { reason: { name: 'UnknownOutcomeError', attempts: 1 } },
    ]);
    expect(tookMs).toBeGreaterThan(490);
    expect(tookMs).toBeLessThan(2_000);
    await patient;
  });

  test('leaves a further attempt the time that is left', async () => {
    const leftMs: number[] = [];
    await using server = await startScriptedServer({
      getAccount: (_, call) => {
        leftMs.push(Number(call.getDeadline()) - Date.now());
        if (leftMs.length < 2) throw plainStatus(status.UNAVAILABLE);
        return { account: wireAccount({ id: ACCOUNT }) };
      },
    });
    const sleep = () => {
      steppedMs = step;
      return Promise.resolve();
    };
    const caller = new Caller({ addresses: [server.address], sleep });
    await accountsOf(caller).get(ACCOUNT, { timeoutMs: 3_000 });
    await caller.close();
    expect(leftMs).toHaveLength(2);
    for (const left of leftMs) expect(left).toBeGreaterThan(1_000);
    for (const left of leftMs) expect(left).toBeLessThan(3_100);
  });
});
