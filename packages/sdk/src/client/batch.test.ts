import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { UnavailableError, UnknownOutcomeError } from '../errors/failures.js';
import { GroupFailedError } from '../errors/group-failed-error.js';
import { RefusalError } from '../errors/refusal-error.js';
import { InsufficientFundsError } from '../errors/refusals.js';
import { ExecuteBatchRequest, type Command, type Outcome } from '../gen/giro/v1/transfer_service.js';
import { formatAccountId } from '../ids/account-id.js';
import { newWriteId } from '../ids/write-id.js';
import { BATCH_COMMANDS_MAX, GROUP_MEMBERS_MAX, MESSAGE_BYTES_MAX } from '../limits.js';
import { money } from '../money/money.js';
import { Bank } from './bank.js';
import type { BatchResult } from './batch.js';
import type { BatchCommand } from './command.js';
import { rankServers } from './routing.js';
import { deadAddress, plainStatus, startScriptedServer, type Scripts } from './scripted-server.fixture.js';
import { wireGroupReceipt, wireReceipt } from './wire-answers.fixture.js';

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
      return { outcomes: commands.map(appliedCommand) };
    },
  };
  return { requests, scripts };
}

function appliedCommand(command: Command): Outcome {
  const id = idOf(command);
  if (command.command?.$case !== 'group') return applied(id);
  const memberIds = command.command.value.members.map(idOf);
  return { outcome: { $case: 'groupReceipt', value: wireGroupReceipt(id, memberIds) } };
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

  test('runs every kind of command', async () => {
    const { requests, scripts } = applying();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const hold = newWriteId();
    const commands: BatchCommand[] = [
      { operatorTransfer: { from: account(1), to: account(2), amount: AMOUNT, description: 'fee' } },
      { placeHold: { from: account(1), to: account(2), amount: AMOUNT } },
      { captureHold: { hold, branch: 1 } },
      { releaseHold: { hold: { id: hold, from: account(1) } } },
      { reverseTransfer: { branch: 1, transfer: hold } },
      { group: { members: [{ deposit: { to: account(1), amount: AMOUNT } }], description: 'pay' } },
    ];
    const results = await bank.batch(commands);
    const sent = requests.flat();
    expect(sent.map(({ command }) => command?.$case)).toEqual(
      commands.map((command) => Object.keys(command)[0]),
    );
    expect(sent[0]?.command?.value.options).toMatchObject({ description: 'fee' });
    expect(sent[5]?.command?.value.options).toMatchObject({ description: 'pay' });
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
    const group = results[5];
    expect(group?.ok === true && 'members' in group.receipt && group.receipt.members).toHaveLength(1);
  });

  test('says of a refused group which member it was', async () => {
    const funds = { account: account(1), available: '0', needed: '1', currency: 'USD', member: '1' };
    await using server = await startScriptedServer({
      executeBatch: () => ({ outcomes: [refused('INSUFFICIENT_FUNDS', funds)] }),
    });
    bank = new Bank({ servers: server.address });
    const members = [1, 2].map(() => ({ deposit: { to: account(1), amount: AMOUNT } }));
    const error = errorOf((await bank.batch([{ group: { members } }]))[0]);
    expect(error).toBeInstanceOf(GroupFailedError);
    expect(error).toMatchObject({ member: 1, frozen: true, cause: { reason: 'INSUFFICIENT_FUNDS' } });
  });

  test('does not take the receipt of a single write for that of a group, or the other way round', async () => {
    const wrong: Outcome[] = [
      { outcome: { $case: 'groupReceipt', value: wireGroupReceipt('w', []) } },
      { outcome: { $case: 'receipt', value: wireReceipt('w') } },
    ];
    await using server = await startScriptedServer({
      executeBatch: () => ({ outcomes: wrong.splice(0, 1) }),
    });
    bank = new Bank({ servers: server.address });
    const deposit = { deposit: { to: account(1), amount: AMOUNT } };
    expect(errorOf((await bank.batch([deposit]))[0])).toBeInstanceOf(UnknownOutcomeError);
    expect(errorOf((await bank.batch([{ group: { members: [deposit] } }]))[0])).toBeInstanceOf(
      UnknownOutcomeError,
    );
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
