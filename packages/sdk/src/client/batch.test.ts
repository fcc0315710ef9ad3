import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { UnavailableError, UnknownOutcomeError } from '../errors/failures.js';
import { InsufficientFundsError, RefusalError } from '../errors/refusals.js';
import type { Command, Outcome } from '../gen/giro/v1/transfer_service.js';
import { formatAccountId } from '../ids/account-id.js';
import { newWriteId } from '../ids/write-id.js';
import { BATCH_COMMANDS_MAX } from '../limits.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import type { BatchCommand, BatchResult } from './batch.js';
import { rankServers } from './routing.js';
import {
  deadAddress,
  plainStatus,
  startScriptedServer,
  wireReceipt,
  type Scripts,
} from './scripted-server.fixture.js';

const AMOUNT = money('1.00', 'USD');
const account = (branch: number, serial = 1) => formatAccountId({ branch, serial });

let bank: Bank;
afterEach(() => bank.close());

/** Applies everything, and notes each request's commands. */
function applying() {
  const requests: Command[][] = [];
  const scripts: Scripts = {
    executeBatch: ({ commands }) => {
      requests.push(commands);
      return { outcomes: commands.map((command) => applied(idOf(command))) };
    },
  };
  return { requests, scripts };
}

function applied(id: string): Outcome {
  return { outcome: { $case: 'receipt', value: wireReceipt(id) } };
}

function idOf({ command }: Command): string {
  return command?.value.id ?? '';
}

function refused(reason: string, metadata: Record<string, string>): Outcome {
  return { outcome: { $case: 'refusal', value: { reason, message: 'no', metadata, replayed: true } } };
}

describe('batch', () => {
  test('keeps an outcome unknown after a lost answer, unless a refusal settles the id', async () => {
    const funds = { account: account(1), available: '0', needed: '1', currency: 'USD' };
    let calls = 0;
    await using server = await startScriptedServer({
      executeBatch: () => {
        if (calls++ === 0) throw plainStatus(status.UNAVAILABLE, 'lost after the commit, perhaps');
        return {
          outcomes: [
            refused('INSUFFICIENT_FUNDS', funds),
            refused('INTERNAL', {}),
            refused('UNAVAILABLE', {}),
          ],
        };
      },
    });
    bank = new Bank({ servers: server.address });
    const ids = [newWriteId(), newWriteId(), newWriteId()];
    const results = await bank.batch(ids.map((id) => ({ deposit: { id, to: account(1), amount: AMOUNT } })));
    expect(calls).toBe(2);
    expect(results[0]).toMatchObject({ ok: false, error: expect.any(InsufficientFundsError) as unknown });
    for (const index of [1, 2]) {
      expect(results[index]).toMatchObject({ ok: false, id: ids[index], error: { id: ids[index] } });
      expect(results[index]).toMatchObject({ error: expect.any(UnknownOutcomeError) as unknown });
    }
  });

  test('gives each command its own result, in order', async () => {
    const funds = { account: account(1), available: '9007199254740993', needed: '1', currency: 'USD' };
    await using server = await startScriptedServer({
      executeBatch: ({ commands }) => ({
        outcomes: [
          applied(idOf(commands[0] ?? { command: undefined })),
          refused('INSUFFICIENT_FUNDS', funds),
          refused('SOMETHING_NEW', { account: 'a' }),
        ],
      }),
    });
    bank = new Bank({ servers: server.address });
    const ids = [newWriteId(), newWriteId(), newWriteId().toUpperCase()] as const;
    const [first, second, third] = await bank.batch([
      { deposit: { to: account(1), amount: AMOUNT, id: ids[0] } },
      { withdraw: { from: account(1), amount: AMOUNT, id: ids[1] } },
      { transfer: { from: account(1), to: account(2), amount: AMOUNT, id: ids[2] } },
    ]);
    expect(first).toMatchObject({ ok: true, id: ids[0], receipt: { id: ids[0] } });

    const error = errorOf(second);
    expect(error).toBeInstanceOf(InsufficientFundsError);
    expect(error).toMatchObject({
      id: ids[1],
      replayed: true,
      attempts: 1,
      available: { amount: 9_007_199_254_740_993n, currency: 'USD' },
      message: expect.stringContaining('/giro.v1.TransferService/ExecuteBatch') as string,
    });

    expect(third).toMatchObject({ ok: false, id: ids[2].toLowerCase() });
    expect(errorOf(third)).toBeInstanceOf(RefusalError);
    expect(errorOf(third)).toMatchObject({
      reason: 'REFUSED',
      metadata: { reason: 'SOMETHING_NEW', account: 'a' },
    });
  });

  test('sends each branch to its server, in order, and puts the results in order again', async () => {
    const first = applying();
    const second = applying();
    await using one = await startScriptedServer(first.scripts);
    await using two = await startScriptedServer(second.scripts);
    const addresses = [one.address, two.address];
    bank = new Bank({ servers: addresses });
    const commands: BatchCommand[] = Array.from({ length: 100 }, (_, i) => ({
      transfer: { from: account(i, i + 1), to: account(999), amount: AMOUNT },
    }));
    const results = await bank.batch(commands);
    expect(results).toHaveLength(100);
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);

    const sentTo = [first, second].map(({ requests }) => requests.flat());
    for (const [i, result] of results.entries()) {
      const home = rankServers(addresses, i)[0] ?? -1;
      const sent = sentTo[home]?.find((command) => idOf(command) === result.id);
      expect(sent?.command?.value).toMatchObject({ from: account(i, i + 1) });
      expect(result).toMatchObject({ ok: true, receipt: { id: result.id } });
    }
    for (const sent of sentTo) {
      const order = sent.map((command) => results.findIndex(({ id }) => id === idOf(command)));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test('never puts more into a request than the server takes, and sends the requests one after the other', async () => {
    const sizes: number[] = [];
    let atOnce = 0;
    await using server = await startScriptedServer({
      executeBatch: async ({ commands }) => {
        atOnce += 1;
        expect(atOnce).toBe(1);
        sizes.push(commands.length);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atOnce -= 1;
        return { outcomes: commands.map((command) => applied(idOf(command))) };
      },
    });
    bank = new Bank({ servers: server.address });
    const commands = Array.from({ length: BATCH_COMMANDS_MAX + 1 }, () => ({
      deposit: { to: account(9_999, 3_999_999_999), amount: { amount: 2n ** 63n - 1n, currency: 'USD' } },
    }));
    const results = await bank.batch(commands);
    expect(sizes).toEqual([BATCH_COMMANDS_MAX, 1]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(new Set(results.map(({ id }) => id)).size).toBe(commands.length);
  });

  test('tells of a lost request by the id of each of its commands, and of the others what became of them', async () => {
    const fine = applying();
    await using losing = await startScriptedServer({
      executeBatch: () => {
        throw plainStatus(status.UNKNOWN, 'lost');
      },
    });
    await using working = await startScriptedServer(fine.scripts);
    const addresses = [losing.address, working.address];
    const branchAt = (index: number) =>
      Array.from({ length: 100 }, (_, n) => n).find((n) => rankServers(addresses, n)[0] === index) ?? -1;
    bank = new Bank({ servers: addresses });
    const results = await bank.batch([
      { deposit: { to: account(branchAt(0)), amount: AMOUNT } },
      { deposit: { to: account(branchAt(1)), amount: AMOUNT } },
      { deposit: { to: account(branchAt(0), 2), amount: AMOUNT } },
    ]);
    expect(results.map(({ ok }) => ok)).toEqual([false, true, false]);
    for (const result of [results[0], results[2]]) {
      expect(errorOf(result)).toBeInstanceOf(UnknownOutcomeError);
      expect(errorOf(result)).toMatchObject({ id: result?.id, cause: { details: 'lost' } });
    }
    expect(results[0]?.id).not.toBe(results[2]?.id);
  });

  test('that reached no server was surely not applied', async () => {
    bank = new Bank({ servers: await deadAddress() });
    const [result] = await bank.batch([{ deposit: { to: account(1), amount: AMOUNT } }]);
    expect(errorOf(result)).toBeInstanceOf(UnavailableError);
  });

  test('with too few outcomes is of unknown outcome', async () => {
    await using server = await startScriptedServer({ executeBatch: () => ({ outcomes: [] }) });
    bank = new Bank({ servers: server.address });
    const [result] = await bank.batch([{ deposit: { to: account(1), amount: AMOUNT } }]);
    expect(errorOf(result)).toBeInstanceOf(UnknownOutcomeError);
  });

  test('of nothing sends nothing', async () => {
    await using server = await startScriptedServer({});
    bank = new Bank({ servers: server.address });
    await expect(bank.batch([])).resolves.toEqual([]);
    expect(server.calls).toEqual([]);
  });

  test('in flight is finished by close', async () => {
    const { requests, scripts } = applying();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const commands = Array.from({ length: 2 * BATCH_COMMANDS_MAX }, () => ({
      deposit: { to: account(1), amount: AMOUNT },
    }));
    const running = bank.batch(commands);
    await bank.close();
    const results = await running;
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(requests).toHaveLength(2);
  });
});

function errorOf(result: BatchResult | undefined): unknown {
  return result?.ok === false ? result.error : undefined;
}
