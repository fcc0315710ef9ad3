import type { AddressInfo } from 'node:net';
import { createServer as createHttp2Server, constants } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { UnavailableError, UnknownOutcomeError } from '../errors/failures.js';
import { formatAccountId } from '../ids/account-id.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import { startProxy } from './breakable-proxy.fixture.js';
import { rankServers } from './routing.js';
import {
  deadAddress,
  startScriptedServer,
  startSilentServer,
  type Scripts,
} from './scripted-server.fixture.js';
import { wireReceipt } from './wire-answers.fixture.js';

const AMOUNT = money('1.00', 'USD');
const never = () => new Promise<never>(() => undefined);
const deposits: Scripts = { deposit: ({ id }) => ({ receipt: wireReceipt(id) }) };

let bank: Bank;
afterEach(() => bank.close());

/** An account of a branch whose requests go to `address` first. */
function accountAt(address: string, addresses: readonly string[]): string {
  const index = addresses.indexOf(address);
  for (let branch = 0; ; branch++) {
    if (rankServers(addresses, branch)[0] === index) return formatAccountId({ branch, serial: 1 });
  }
}

describe('failover', () => {
  test('a branch goes to its server; if that is gone to the next; and back once it is back', async () => {
    const first = await startScriptedServer(deposits);
    await using second = await startScriptedServer(deposits);
    const addresses = [first.address, second.address];
    const to = accountAt(first.address, addresses);
    bank = new Bank({ servers: addresses });

    await bank.deposit({ to, amount: AMOUNT });
    expect([first.calls.length, second.calls.length]).toEqual([1, 0]);

    await first.stop();
    await bank.deposit({ to, amount: AMOUNT });
    await bank.deposit({ to, amount: AMOUNT });
    expect(second.calls).toHaveLength(2);

    await using again = await startScriptedServer(deposits, first.port);
    await expect
      .poll(
        async () => {
          await bank.deposit({ to, amount: AMOUNT });
          return again.calls.length;
        },
        { timeout: 5_000, interval: 50 },
      )
      .toBeGreaterThan(0);
    const seen = second.calls.length;
    await bank.deposit({ to, amount: AMOUNT });
    expect(second.calls).toHaveLength(seen);
  });

  test('a server that does not let itself be connected to costs one wait, then none', async () => {
    await using silent = await startSilentServer();
    await using second = await startScriptedServer(deposits);
    const addresses = [silent.address, second.address];
    const to = accountAt(silent.address, addresses);
    bank = new Bank({ servers: addresses });
    await bank.deposit({ to, amount: AMOUNT });
    const startedMs = performance.now();
    await bank.deposit({ to, amount: AMOUNT });
    expect(performance.now() - startedMs).toBeLessThan(500);
    expect(second.calls).toHaveLength(2);
  });

  test('a write whose connection breaks off is sent again with its id', async () => {
    const ids: string[] = [];
    await using server = await startScriptedServer({
      deposit: ({ id }) => {
        ids.push(id);
        if (ids.length > 1) return { receipt: wireReceipt(id) };
        proxy.breakOff();
        return never();
      },
    });
    await using proxy = await startProxy(server.port);
    bank = new Bank({ servers: proxy.address });
    const { id } = await bank.deposit({ to: accountAt('a', ['a']), amount: AMOUNT });
    expect(ids).toEqual([id, id]);
  });

  test('a write whose server dies under it is sent to the next with its id', async () => {
    const ids: string[] = [];
    const first = await startScriptedServer({
      deposit: ({ id }) => {
        ids.push(id);
        setImmediate(() => void first.stop());
        return never();
      },
    });
    await using second = await startScriptedServer({
      deposit: ({ id }) => {
        ids.push(id);
        return { receipt: wireReceipt(id) };
      },
    });
    const addresses = [first.address, second.address];
    bank = new Bank({ servers: addresses });
    const { id } = await bank.deposit({ to: accountAt(first.address, addresses), amount: AMOUNT });
    expect(ids).toEqual([id, id]);
  });

  test('a write without an id whose connection breaks off is of unknown outcome, and not sent again', async () => {
    await using server = await startScriptedServer({
      seed: {
        deposit: () => {
          proxy.breakOff();
          return never();
        },
      },
    });
    await using proxy = await startProxy(server.port);
    await using second = await startScriptedServer({
      seed: { deposit: () => ({ result: 'Deposit successful' }) },
    });
    // Seed customers live in ten branches only, which may all rank the second server first: under one of its names.
    const names = [second.address, second.address.replace('127.0.0.1', 'localhost')];
    const [servers, customerId] =
      names
        .flatMap((name) => Array.from({ length: 10 }, (_, id) => [[proxy.address, name], id] as const))
        .find(([addresses, id]) => rankServers(addresses, id)[0] === 0) ?? [];
    bank = new Bank({ servers: servers ?? [] });
    const call = bank.seed.deposit({ customerId: customerId ?? -1, amount: 1 });
    await expect(call).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(server.calls).toHaveLength(1);
    expect(second.calls).toEqual([]);
  });

  test('grpc-js does not repeat a refused stream behind our back', async () => {
    let streams = 0;
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      streams += 1;
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    bank = new Bank({ servers: `127.0.0.1:${(server.address() as AddressInfo).port}` });
    await expect(bank.seed.deposit({ customerId: 1, amount: 1 })).rejects.toBeInstanceOf(UnknownOutcomeError);
    await delay(50);
    expect(streams).toBe(1);
    await bank.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('ready', () => {
  test('resolves as soon as one server is there', async () => {
    await using server = await startScriptedServer({});
    bank = new Bank({ servers: [await deadAddress(), server.address] });
    await bank.ready({ timeoutMs: 2_000 });
  });

  test('rejects if none is there in time', async () => {
    await using silent = await startSilentServer();
    const dead = await deadAddress();
    bank = new Bank({ servers: [dead, silent.address] });
    const error = await bank.ready({ timeoutMs: 200 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ message: expect.stringContaining(dead) as string });
  });

  test('waits for a server that is still starting', async () => {
    const address = await deadAddress();
    bank = new Bank({ servers: address });
    const ready = bank.ready();
    await delay(100);
    const server = await startScriptedServer({}, Number(address.split(':')[1]));
    await ready;
    await server.stop();
  });

  test('can be aborted', async () => {
    bank = new Bank({ servers: await deadAddress() });
    const ready = bank.ready({ signal: AbortSignal.timeout(50) });
    await expect(ready).rejects.toMatchObject({ reason: 'CANCELLED', cause: { name: 'TimeoutError' } });
  });
});
