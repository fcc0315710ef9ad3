import { getEventListeners } from 'node:events';
import { status } from '@grpc/grpc-js';
import { describe, expect, test, vi } from 'vitest';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { callsOf } from './every-call.fixture.js';
import { plainStatus, startScriptedServer, startSilentServer } from './scripted-server.fixture.js';
import { message } from './watch.fixture.js';
import { wireAccount, wireReceipt } from './wire-answers.fixture.js';

/**
 * What went wrong in SDKs that people know. Kept from happening here by a test each, in this file or where it belongs:
 * the last real error (retries.test.ts), waits that end with the signal (deadlines.test.ts), a constructor that does
 * nothing (bank-options.test.ts), tokens that are asked for once (token.test.ts), streams that are read one message at a
 * time (message-stream.test.ts), types without `any` (package.test.ts).
 */

const ACCOUNT = '17-1042-02';
const deposit = { to: ACCOUNT, amount: money('1.00', 'USD') };

test('a signal that lives as long as the program keeps nothing of the calls that had it', async () => {
  const failures = [plainStatus(status.UNAVAILABLE), plainStatus(status.UNAVAILABLE)];
  await using server = await startScriptedServer({
    getAccount: () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return { account: wireAccount({ id: ACCOUNT }) };
    },
    deposit: ({ id }) => ({ receipt: wireReceipt(id) }),
    listAccounts: () => ({ accounts: [wireAccount({})], nextPageToken: '' }),
    *watchEntries() {
      yield message(1n, 1n, 1n, 17);
    },
    *verifyJournal() {
      throw plainStatus(status.INVALID_ARGUMENT);
    },
  });
  const { signal } = new AbortController();
  const bank = new Bank({ servers: server.address });
  await bank.accounts.get(ACCOUNT, { signal });
  await bank.deposit(deposit, { signal });
  for await (const account of bank.accounts.list({ branch: 17 }, { signal })) expect(account.branch).toBe(0);
  for await (const entry of bank.journal.watch({ branch: 17 }, { signal })) if (entry.position === 1n) break;
  await bank.journal.verify({ branch: 17 }, { signal }).catch(() => undefined);
  await bank.close();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe.each([
  status.UNKNOWN,
  status.DATA_LOSS,
  status.INTERNAL,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
])('a server that answers with code %i', (code) => {
  test('is not asked again: that is no failure that passes', async () => {
    const fail = () => {
      throw plainStatus(code, 'no');
    };
    await using server = await startScriptedServer({ getAccount: fail, deposit: fail });
    await using bank = new Bank({ servers: server.address });
    const read = await bank.accounts.get(ACCOUNT).catch((error: unknown) => error);
    const write = await bank.deposit(deposit).catch((error: unknown) => error);
    // As grpc-js reports a connection that broke off.
    const attempts = code === status.CANCELLED ? [4, 5] : [1, 1];
    expect([read, write]).toMatchObject(attempts.map((made) => ({ attempts: made })));
  });
});

test('every call has a deadline that the server sees, whatever service it is of', async () => {
  await using server = await startScriptedServer({});
  await using bank = new Bank({ servers: server.address });
  for (const [name, call] of Object.entries(callsOf(bank, 17, 18))) {
    const before = server.deadlines.length;
    // The server knows none of the calls, which is all the same here.
    await Promise.resolve(call()).catch(() => undefined);
    const [deadline = 0] = server.deadlines.slice(before);
    // A verification may take any time.
    const finite = name !== 'verify';
    expect([name, Number.isFinite(deadline) && deadline > Date.now()]).toEqual([name, finite]);
  }
});

test('a deadline does not take the place of the signal, nor the other way round', async () => {
  await using silent = await startSilentServer();
  await using bank = new Bank({ servers: silent.address });
  const stop = new AbortController();
  const aborted = bank.accounts.get(ACCOUNT, { signal: stop.signal, timeoutMs: 60_000 });
  await vi.waitUntil(() => silent.connections > 0);
  stop.abort();
  await expect(aborted).rejects.toMatchObject({ reason: 'CANCELLED' });
  const late = bank.accounts.get(ACCOUNT, { signal: new AbortController().signal, timeoutMs: 100 });
  await expect(late).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
});
