import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { BankError } from '../errors/bank-error.js';
import { ClientClosedError } from '../errors/failures.js';
import { AccountNotFoundError, BranchExistsError, CustomerNotFoundError } from '../errors/refusals.js';
import { internalAccountId } from '../ids/internal-account.js';
import { newWriteId } from '../ids/write-id.js';
import { MESSAGE_BYTES_MAX } from '../limits.js';
import { money, type Money } from '../money/money.js';
import { Bank } from './bank.js';
import {
  refusal,
  startScriptedServer,
  type ScriptedServer,
  type Scripts,
} from './scripted-server.fixture.js';
import { head, receipt, wireAccount, wireBranch, wireHead, wireReceipt } from './wire-answers.fixture.js';
import type { Precondition } from './write-params.js';

const ALICE = '0-1-95';
const BOB = '17-1042-02';
const ID = '0199ABCD-0000-7000-8000-00000000ABCD';

/** Every call answers; what it was asked is noted. */
const requests: unknown[] = [];
const scripts: Scripts = {
  getBranch: () => ({ branch: wireBranch({}) }),
  deposit: (request) => note(request, { receipt: wireReceipt(request.id) }),
  withdraw: (request) => note(request, { receipt: wireReceipt(request.id) }),
  transfer: (request) => note(request, { receipt: wireReceipt(request.id) }),
  operatorTransfer: (request) => note(request, { receipt: wireReceipt(request.id) }),
  seed: {
    initializeBranch: (request) => note(request, { result: 'Branch already exists' }),
    deposit: (request) => note(request, { result: 'Deposit successful' }),
    withdraw: (request) => note(request, { result: 'Insufficient funds' }),
    query: (request) => note(request, { balance: -5 }),
  },
};

function note<T>(request: unknown, answer: T): T {
  requests.push(request);
  return answer;
}

let server: ScriptedServer;
let bank: Bank;
beforeEach(async () => {
  requests.length = 0;
  server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
});
afterEach(async () => {
  await bank.close();
  await server.stop();
});

describe('moves', () => {
  const INCOME = internalAccountId({ branch: 17, kind: 'income', currency: 'USD' });
  const amount = money('25.00', 'USD');

  test('all four make an id of version 7 and return it', async () => {
    const receipts = [
      await bank.deposit({ to: ALICE, amount }),
      await bank.withdraw({ from: ALICE, amount }),
      await bank.transfer({ from: ALICE, to: BOB, amount }),
      await bank.operatorTransfer({ from: INCOME, to: BOB, amount }),
    ];
    for (const { id } of receipts) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(4);
    expect(requests).toEqual([
      { id: receipts[0]?.id, to: ALICE, amount },
      { id: receipts[1]?.id, from: ALICE, amount },
      { id: receipts[2]?.id, from: ALICE, to: BOB, amount },
      { id: receipts[3]?.id, from: INCOME, to: BOB, amount },
    ]);
  });

  test('or take one of any version, and write it in lower case', async () => {
    await expect(bank.deposit({ to: ALICE, amount, id: ID })).resolves.toEqual(receipt(ID.toLowerCase()));
  });

  test('a receipt says which seals cover the write', async () => {
    const positions = [
      { branch: 0, position: 5n, seal: wireHead(6n) },
      { branch: 17, position: 9n },
    ];
    await using sealing = await startScriptedServer({
      transfer: ({ id }) => ({ receipt: { ...wireReceipt(id), positions } }),
    });
    await using client = new Bank({ servers: sealing.address });
    const { positions: told } = await client.transfer({ from: ALICE, to: BOB, amount });
    expect(told).toEqual([
      { branch: 0, position: 5n, seal: head(6n) },
      { branch: 17, position: 9n },
    ]);
  });
});

test('seed: four calls, with their answers in words', async () => {
  await expect(bank.seed.initializeBranch({ branchId: 0, initialBalance: 0 })).resolves.toBe(
    'Branch already exists',
  );
  await expect(bank.seed.deposit({ customerId: 0, amount: 1 })).resolves.toBe('Deposit successful');
  await expect(bank.seed.withdraw({ customerId: 1, amount: 50 })).resolves.toBe('Insufficient funds');
  await expect(bank.seed.query({ customerId: 2 })).resolves.toBe(-5);
  expect(requests).toEqual([
    { branchId: 0, initialBalance: 0 },
    { customerId: 0, amount: 1 },
    { customerId: 1, amount: 50 },
    { customerId: 2 },
  ]);
});

describe('refusals', () => {
  async function refusedBy(scripted: Scripts, call: (client: Bank) => Promise<unknown>): Promise<unknown> {
    await using refusing = await startScriptedServer(scripted);
    await using client = new Bank({ servers: refusing.address });
    return await call(client).catch((error: unknown) => error);
  }

  test('are thrown as typed errors', async () => {
    const exists = await refusedBy(
      {
        initializeBranch: () => {
          throw refusal('BRANCH_EXISTS', { branch: '1' });
        },
      },
      (client) => client.branches.initialize({ id: 1, initialBalance: money(0n, 'USD'), writeId: ID }),
    );
    expect(exists).toBeInstanceOf(BranchExistsError);
    expect(exists).toMatchObject({ branch: 1, frozen: true, id: ID.toLowerCase(), httpStatus: 409 });

    const missing = await refusedBy(
      {
        getAccount: () => {
          throw refusal('ACCOUNT_NOT_FOUND', { account: BOB });
        },
      },
      (client) => client.accounts.get(BOB),
    );
    expect(missing).toBeInstanceOf(AccountNotFoundError);
    expect(missing).toMatchObject({ account: BOB, id: '', cause: { code: status.NOT_FOUND } });

    const customer = await refusedBy(
      {
        seed: {
          query: () => {
            throw refusal('CUSTOMER_NOT_FOUND', { customer: '4' });
          },
        },
      },
      (client) => client.seed.query({ customerId: 4 }),
    );
    expect(customer).toBeInstanceOf(CustomerNotFoundError);
  });

  test('an older server without the call says so', async () => {
    const error = await refusedBy({}, (client) => client.accounts.get(BOB));
    expect(error).toMatchObject({ reason: 'NOT_FOUND', attempts: 1 });
  });

  test('a damaged answer is an internal fault of a read, and an unknown outcome of a write', async () => {
    const damaged: Scripts = {
      getAccount: () => ({ account: wireAccount({ position: undefined }) }),
      deposit: () => ({ receipt: undefined }),
    };
    await expect(refusedBy(damaged, (client) => client.accounts.get(BOB))).resolves.toMatchObject({
      reason: 'INTERNAL',
      rawMessage: 'the answer is damaged: position is missing',
    });
    await expect(
      refusedBy(damaged, (client) => client.deposit({ to: BOB, amount: money('1.00', 'USD'), id: ID })),
    ).resolves.toMatchObject({ reason: 'OUTCOME_UNKNOWN', id: ID.toLowerCase() });
  });
});

test('a request larger than the server takes is not sent', async () => {
  const pageToken = 'x'.repeat(MESSAGE_BYTES_MAX);
  const error = await bank.accounts.list({ branch: 1, pageToken }).then(null, (caught: unknown) => caught);
  expect(error).toBeInstanceOf(BankError);
  expect(error).toMatchObject({ reason: 'PAYLOAD_TOO_LARGE', attempts: 0 });
  expect(server.calls).toEqual([]);
});

test('an answer may be larger than any request', async () => {
  const metadata = { note: 'x'.repeat(MESSAGE_BYTES_MAX) };
  await using verbose = await startScriptedServer({
    getAccount: () => ({ account: wireAccount({ metadata }) }),
  });
  await using client = new Bank({ servers: verbose.address });
  await expect(client.accounts.get(ALICE)).resolves.toMatchObject({ metadata });
});

describe('close', () => {
  test('waits for the calls in flight, once', async () => {
    let answered = false;
    await using slow = await startScriptedServer({
      deposit: async ({ id }) => {
        await delay(100);
        answered = true;
        return { receipt: wireReceipt(id) };
      },
    });
    const client = new Bank({ servers: slow.address });
    const call = client.deposit({ to: BOB, amount: money('1.00', 'USD') });
    const closed = client.close();
    expect(client.close()).toBe(closed);
    await closed;
    expect(answered).toBe(true);
    await expect(call).resolves.toMatchObject({ replayed: false });
    await client.close();
  });

  test('later calls say that the client is closed', async () => {
    await bank.close();
    const amount = money('1.00', 'USD');
    await expect(bank.deposit({ to: BOB, amount })).rejects.toBeInstanceOf(ClientClosedError);
    await expect(bank.batch([{ deposit: { to: BOB, amount } }])).rejects.toBeInstanceOf(ClientClosedError);
    await expect(bank.seed.query({ customerId: 1 })).rejects.toBeInstanceOf(ClientClosedError);
    await expect(bank.ready()).rejects.toBeInstanceOf(ClientClosedError);
    await expect(bank.branches.list()).rejects.toBeInstanceOf(ClientClosedError);
    expect(server.calls).toEqual([]);
  });

  test('await using closes', async () => {
    let used: Bank;
    {
      await using scoped = new Bank({ servers: server.address });
      used = scoped;
      await used.branches.get(0);
    }
    await expect(used.branches.get(0)).rejects.toBeInstanceOf(ClientClosedError);
  });
});

test('ids made by the client are new ones', () => {
  expect(newWriteId()).not.toBe(newWriteId());
});

test('types: what goes in and what comes out', () => {
  expectTypeOf<Parameters<Bank['deposit']>[0]>().branded.toEqualTypeOf<{
    readonly to: string;
    readonly amount: { readonly amount: bigint; readonly currency: string };
    readonly id?: string | undefined;
    readonly description?: string | undefined;
    readonly metadata?: Readonly<Record<string, string>> | undefined;
    readonly preconditions?: readonly Precondition[] | undefined;
  }>();
  expectTypeOf<Resolved<Bank['deposit']>['balance']>().toEqualTypeOf<Money>();
  expectTypeOf<Resolved<Bank['accounts']['freeze']>['balance']>().toEqualTypeOf<Money | undefined>();
  type Resolved<Method extends (...args: never[]) => unknown> = Awaited<ReturnType<Method>>;
  expectTypeOf<Resolved<Bank['branches']['initialize']>['timeMicros']>().toEqualTypeOf<bigint>();
  expectTypeOf<Resolved<Bank['accounts']['open']>['customer']>().toEqualTypeOf<string>();
  expectTypeOf<Resolved<Bank['accounts']['get']>['customer']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Resolved<Bank['seed']['query']>>().toEqualTypeOf<number>();
  expectTypeOf<Resolved<Bank['batch']>[number]['ok']>().toEqualTypeOf<boolean>();
  expectTypeOf<Bank>().toExtend<AsyncDisposable>();

  expectTypeOf<{ to: string; amount: number }>().not.toExtend<Parameters<Bank['deposit']>[0]>();
  expectTypeOf<{ id: string; initialBalance: Money }>().not.toExtend<
    Parameters<Bank['branches']['initialize']>[0]
  >();
  expectTypeOf<{ deposit: { to: string } }>().not.toExtend<Parameters<Bank['batch']>[0][number]>();
});
