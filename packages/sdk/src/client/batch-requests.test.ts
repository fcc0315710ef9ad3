import { afterEach, describe, expect, test } from 'vitest';
import { ExecuteBatchRequest } from '../gen/giro/v1/transfer_service.js';
import { BATCH_COMMANDS_MAX, GROUP_MEMBERS_MAX, MESSAGE_BYTES_MAX } from '../limits.js';
import { Bank } from './bank.js';
import { account, AMOUNT, applied, applying, errorOf, idOf } from './batch.fixture.js';
import type { BatchCommand } from './command.js';
import { rankServers } from './routing.js';
import { startScriptedServer } from './scripted-server.fixture.js';

let bank: Bank;
afterEach(() => bank.close());

describe('a batch', () => {
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

  test('counts the members of groups, and the bytes, when it cuts requests', async () => {
    const { requests, scripts } = applying();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const deposit = { deposit: { to: account(1), amount: AMOUNT } };
    const members = Array.from({ length: GROUP_MEMBERS_MAX }, () => deposit);
    await bank.batch([...Array.from({ length: 9 }, () => ({ group: { members } })), deposit]);
    expect(requests.map(({ length }) => length)).toEqual([8, 2]);

    requests.length = 0;
    const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, '€'.repeat(256)]));
    const large = { deposit: { ...deposit.deposit, metadata } };
    const results = await bank.batch(Array.from({ length: 600 }, () => large));
    expect(requests.map(({ length }) => length).reduce((sum, length) => sum + length)).toBe(600);
    expect(requests.length).toBeGreaterThan(1);
    for (const commands of requests) {
      expect(ExecuteBatchRequest.encode({ commands }).finish().length).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
    }
    expect(results.every(({ ok }) => ok)).toBe(true);
  });

  test('sends the rest though a group is too large for any request', async () => {
    const { requests, scripts } = applying();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, '€'.repeat(256)]));
    const members = Array.from({ length: 400 }, () => ({
      deposit: { to: account(1), amount: AMOUNT, metadata },
    }));
    const deposit = { deposit: { to: account(1), amount: AMOUNT } };
    const group = { group: { members } };
    const results = await bank.batch([group, deposit, group, deposit, deposit]);
    expect(results.map(({ ok }) => ok)).toEqual([false, true, false, true, true]);
    expect(errorOf(results[2])).toMatchObject({ reason: 'PAYLOAD_TOO_LARGE', attempts: 0 });
    expect(requests.map(({ length }) => length)).toEqual([1, 2]);
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
