import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { status, type Deadline } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { CancelledError, DeadlineExceededError, UnknownOutcomeError } from '../errors/failures.js';
import { newWriteId } from '../ids/write-id.js';
import { money } from '../money/money.js';
import { accountsOf } from './accounts.js';
import { Bank } from './bank.js';
import { applied, idOf } from './batch.fixture.js';
import { Caller } from './caller.js';
import { plainStatus, refusal, startScriptedServer, startSilentServer } from './scripted-server.fixture.js';
import { wireReceipt } from './wire-answers.fixture.js';

const ACCOUNT = '17-1042-02';
const AMOUNT = money('1.00', 'USD');
const never = () => new Promise<never>(() => undefined);

let bank: Bank;
afterEach(() => bank.close());

describe('deadline', () => {
  test('reaches the server: 5 s for reads, 15 s for writes, or what the client or the call says', async () => {
    const leftMs: number[] = [];
    const note = (deadline: Deadline) => leftMs.push(Math.round((Number(deadline) - Date.now()) / 1_000));
    await using server = await startScriptedServer({
      getTrialBalance: (_, call) => {
        note(call.getDeadline());
        return { position: { branch: 1, position: 1n }, lines: [] };
      },
      deposit: ({ id }, call) => {
        note(call.getDeadline());
        return { receipt: wireReceipt(id) };
      },
    });
    bank = new Bank({ servers: server.address });
    await bank.branches.trialBalance(1);
    await bank.deposit({ to: ACCOUNT, amount: AMOUNT });
    await bank.deposit({ to: ACCOUNT, amount: AMOUNT }, { timeoutMs: 60_000 });
    await bank.close();
    bank = new Bank({ servers: server.address, timeoutMs: 30_000 });
    await bank.branches.trialBalance(1);
    await bank.deposit({ to: ACCOUNT, amount: AMOUNT });
    expect(leftMs).toEqual([5, 15, 60, 30, 30]);
  });

  test('is one over all attempts', async () => {
    const deadlines: number[] = [];
    await using server = await startScriptedServer({
      getAccount: (_, call) => {
        deadlines.push(Number(call.getDeadline()));
        throw plainStatus(status.UNAVAILABLE);
      },
    });
    // The waits between the attempts add up to 630 ms, by which a deadline made anew each time would move.
    const caller = new Caller({ addresses: [server.address], random: () => 0.9 });
    const call = accountsOf(caller).get(ACCOUNT, { timeoutMs: 5_000 });
    await expect(call).rejects.toMatchObject({ attempts: 4 });
    await caller.close();
    expect(Math.max(...deadlines) - Math.min(...deadlines)).toBeLessThan(300);
  });

  test('ends a read that is not answered', async () => {
    await using server = await startScriptedServer({ getAccount: never });
    bank = new Bank({ servers: server.address });
    const error = await bank.accounts.get(ACCOUNT, { timeoutMs: 200 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DeadlineExceededError);
    expect(error).toMatchObject({
      attempts: 1,
      rawMessage: 'no answer within 200 ms',
      cause: { code: status.DEADLINE_EXCEEDED },
    });
  });

  test('leaves the outcome of a write that is not answered unknown', async () => {
    const id = newWriteId();
    await using server = await startScriptedServer({ deposit: never });
    bank = new Bank({ servers: server.address });
    const call = bank.deposit({ to: ACCOUNT, amount: AMOUNT, id }, { timeoutMs: 200 });
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ id, metadata: { id }, cause: { code: status.DEADLINE_EXCEEDED } });
  });

  test('holds for a server that accepts connections and never answers; a write was surely not sent', async () => {
    await using server = await startSilentServer();
    bank = new Bank({ servers: server.address });
    const startedMs = performance.now();
    const calls = [
      bank.accounts.get(ACCOUNT, { timeoutMs: 300 }),
      bank.deposit({ to: ACCOUNT, amount: AMOUNT }, { timeoutMs: 300 }),
      bank.seed.deposit({ customerId: 1, amount: 1 }, { timeoutMs: 300 }),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ reason: expect.any(DeadlineExceededError) as unknown });
    }
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(server.connections).toBeGreaterThan(0);
  });
});

describe('signal', () => {
  test('that aborted before leaves nothing to send', async () => {
    await using server = await startScriptedServer({});
    bank = new Bank({ servers: server.address });
    const signal = AbortSignal.abort(new Error('too late'));
    const error = await bank
      .deposit({ to: ACCOUNT, amount: AMOUNT }, { signal })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ attempts: 0, cause: { message: 'too late' } });
    expect(server.calls).toEqual([]);
  });

  test('ends a read and tells the server', async () => {
    const controller = new AbortController();
    let cancelled: Promise<unknown> = Promise.resolve();
    await using server = await startScriptedServer({
      getAccount: (_, call) => {
        cancelled = new Promise((resolve) => call.once('cancelled', resolve));
        controller.abort(new Error('enough'));
        return never();
      },
    });
    bank = new Bank({ servers: server.address });
    const call = bank.accounts.get(ACCOUNT, { signal: controller.signal });
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ attempts: 1, cause: { message: 'enough' } });
    await cancelled;
  });

  test('leaves the outcome of a write that was sent unknown', async () => {
    const controller = new AbortController();
    const id = newWriteId();
    await using server = await startScriptedServer({
      deposit: () => {
        controller.abort(new Error('enough'));
        return never();
      },
    });
    bank = new Bank({ servers: server.address });
    const call = bank.deposit({ to: ACCOUNT, amount: AMOUNT, id }, { signal: controller.signal });
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ id, attempts: 1, cause: { message: 'enough' } });
  });

  test('ends the wait for a connection, and the write was surely not sent', async () => {
    await using server = await startSilentServer();
    bank = new Bank({ servers: server.address });
    const controller = new AbortController();
    const call = bank.deposit({ to: ACCOUNT, amount: AMOUNT }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(call).rejects.toBeInstanceOf(CancelledError);
  });

  test('ends the wait between attempts', async () => {
    const controller = new AbortController();
    await using server = await startScriptedServer({
      getAccount: () => {
        setTimeout(() => controller.abort(), 20);
        throw refusal('OVERLOADED', { problem: 'queue full' });
      },
    });
    const caller = new Caller({ addresses: [server.address], random: () => 0.9 });
    const startedMs = performance.now();
    const call = accountsOf(caller).get(ACCOUNT, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ reason: 'CANCELLED', attempts: 1 });
    expect(performance.now() - startedMs).toBeLessThan(800);
    expect(server.calls).toHaveLength(1);
    await caller.close();
  });

  test('may be shared by many calls, and keeps no listener once they are done', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    await using server = await startScriptedServer({
      executeBatch: async ({ commands }) => {
        await delay(5);
        return { outcomes: commands.map((command) => applied(idOf(command))) };
      },
    });
    bank = new Bank({ servers: server.address });
    const { signal } = new AbortController();
    const calls = Array.from({ length: 50 }, () => bank.deposit({ to: ACCOUNT, amount: AMOUNT }, { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.all(calls);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await delay(1);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});
