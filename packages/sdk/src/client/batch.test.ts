import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { UnavailableError, UnknownOutcomeError } from '../errors/failures.js';
import { GroupFailedError } from '../errors/group-failed-error.js';
import { RefusalError } from '../errors/refusal-error.js';
import { InsufficientFundsError } from '../errors/refusals.js';
import { type Outcome } from '../gen/giro/v1/transfer_service.js';
import { newWriteId } from '../ids/write-id.js';
import { Bank } from './bank.js';
import { account, AMOUNT, applied, applying, errorOf, idOf, refused } from './batch.fixture.js';
import type { BatchCommand } from './command.js';
import { rankServers } from './routing.js';
import { deadAddress, plainStatus, startScriptedServer } from './scripted-server.fixture.js';
import { wireGroupReceipt, wireReceipt } from './wire-answers.fixture.js';

let bank: Bank;
afterEach(() => bank.close());

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
});
