import { status, type ServerUnaryCall } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import {
  CancelledError,
  DeadlineExceededError,
  OverloadedError,
  UnknownOutcomeError,
} from '../errors/failures.js';
import { InsufficientFundsError } from '../errors/refusals.js';
import {
  TransferRequest,
  TransferServiceDefinition,
  type Command,
  type ExecuteBatchRequest,
} from '../gen/giro/v1/transfer_service.js';
import { newWriteId } from '../ids/write-id.js';
import { firstAttempt } from './attempts.js';
import { Bank } from './bank.js';
import { account, AMOUNT, applied, idOf, refused } from './batch.fixture.js';
import { Caller } from './caller.js';
import { joinedWrite } from './joint-writes.js';
import { method } from './method.js';
import { movesOf } from './moves.js';
import { closePeer, connectPeer } from './peer.js';
import { rankServers } from './routing.js';
import {
  plainStatus,
  startScriptedServer,
  startSilentServer,
  type Scripts,
} from './scripted-server.fixture.js';
import { Token } from './token.js';
import { wireReceipt } from './wire-answers.fixture.js';

const ALONE = '/giro.v1.TransferService/Transfer';
const BATCH = '/giro.v1.TransferService/ExecuteBatch';
const transfer = { from: account(1, 1), to: account(1, 2), amount: AMOUNT };

let bank: Bank;
afterEach(() => bank.close());

/** A server that answers nothing before it is let to, and applies everything then. */
function gated() {
  const requests: (readonly string[])[] = [];
  const cancelled: string[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const pass = async (call: Pick<ServerUnaryCall<unknown, unknown>, 'once' | 'getPath'>, ids: string[]) => {
    call.once('cancelled', () => cancelled.push(call.getPath()));
    requests.push(ids);
    await gate;
  };
  const scripts: Scripts = {
    transfer: async ({ id }, call) => {
      await pass(call, [id]);
      return { receipt: wireReceipt(id) };
    },
    executeBatch: async ({ commands }, call) => {
      const ids = commands.map(idOf);
      await pass(call, ids);
      return { outcomes: ids.map(applied) };
    },
  };
  return { scripts, requests, cancelled, open };
}

/** Answers each command of each batch with what `outcome` says of it. */
function answering(outcome: (command: Command) => ReturnType<typeof applied>): Scripts {
  return {
    executeBatch: ({ commands }: ExecuteBatchRequest) => ({ outcomes: commands.map(outcome) }),
  };
}

function ids(count: number): string[] {
  return Array.from({ length: count }, newWriteId);
}

/** What was sent, by the order in which the requests left: the server may take them in another. */
function inOrder(requests: readonly (readonly string[])[], made: readonly string[]): string[] {
  return requests.toSorted(([a = ''], [b = '']) => made.indexOf(a) - made.indexOf(b)).flat();
}

const caught = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe('writes', () => {
  test('made in one turn go together, in order, and each gets its own receipt', async () => {
    const { scripts, requests, open } = gated();
    open();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const made = ids(300);
    const receipts = await Promise.all(made.map((id) => bank.transfer({ ...transfer, id })));
    expect(requests).toEqual([made]);
    expect(receipts.map(({ id }) => id)).toEqual(made);
    expect(receipts[0]?.balance).toEqual({ amount: 7_500n, currency: 'USD' });
  });

  test('go alone when there is no other, as the method that was called', async () => {
    const { scripts, open } = gated();
    open();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    await bank.transfer(transfer);
    await bank.transfer(transfer);
    expect(server.calls).toEqual([ALONE, ALONE]);
  });

  test('made while a request is in flight go out together in the next', async () => {
    const { scripts, requests, open } = gated();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const [first = '', ...rest] = ids(4);
    const calls = [bank.transfer({ ...transfer, id: first })];
    await expect.poll(() => requests).toEqual([[first]]);
    for (const id of rest) {
      calls.push(bank.transfer({ ...transfer, id }));
      await Promise.resolve();
    }
    open();
    await Promise.all(calls);
    expect(requests).toEqual([[first], rest]);
  });

  test('that wait behind an answer which is held up go out without it', async () => {
    const { scripts, requests, open } = gated();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const calls = [bank.transfer(transfer)];
    await expect.poll(() => requests.length).toBe(1);
    calls.push(bank.transfer(transfer), bank.transfer(transfer));
    await expect.poll(() => requests.map(({ length }) => length)).toEqual([1, 2]);
    open();
    await Promise.all(calls);
  });

  test('of a crowd are spread over several requests at once, each in order', async () => {
    const { scripts, requests, open } = gated();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    await bank.ready();
    const made = ids(1_500);
    const calls = made.map((id) => bank.transfer({ ...transfer, id }));
    await expect.poll(() => requests.length).toBe(4);
    open();
    await Promise.all(calls);
    expect(requests.map(({ length }) => length)).toEqual([375, 375, 375, 375]);
    expect(inOrder(requests, made)).toEqual(made);
  });

  test('of all kinds but holds to be placed and groups go together', async () => {
    const kinds: (string | undefined)[] = [];
    await using server = await startScriptedServer({
      executeBatch: ({ commands }) => {
        kinds.push(...commands.map(({ command }) => command?.$case));
        return { outcomes: commands.map((command) => applied(idOf(command))) };
      },
    });
    bank = new Bank({ servers: server.address });
    const [hold = '', write = ''] = ids(2);
    await Promise.all([
      bank.deposit({ to: account(1), amount: AMOUNT }),
      bank.withdraw({ from: account(1), amount: AMOUNT, description: 'cash', metadata: { till: '3' } }),
      bank.transfer(transfer),
      bank.operatorTransfer(transfer),
      bank.holds.capture({ hold, branch: 1, amount: 1n }),
      bank.holds.release({ hold, branch: 1 }),
      bank.transfers.reverse({ branch: 1, transfer: write }),
    ]);
    expect(kinds).toEqual([
      'deposit',
      'withdraw',
      'transfer',
      'operatorTransfer',
      'captureHold',
      'releaseHold',
      'reverseTransfer',
    ]);
    expect(server.calls).toEqual([BATCH]);
  });

  test('are refused one by one, by the name of the method that was called', async () => {
    const funds = { account: account(1), available: '3', needed: '100', currency: 'USD' };
    const [, bad] = ids(3);
    await using server = await startScriptedServer(
      answering((command) =>
        idOf(command) === bad ? refused('INSUFFICIENT_FUNDS', funds) : applied(idOf(command)),
      ),
    );
    bank = new Bank({ servers: server.address });
    const made = [newWriteId(), bad, newWriteId()];
    const results = await Promise.all(made.map((id) => caught(bank.transfer({ ...transfer, id }))));
    expect(results).toMatchObject([
      { id: made[0] },
      { id: bad, replayed: true, attempts: 1 },
      { id: made[2] },
    ]);
    expect(results[1]).toBeInstanceOf(InsufficientFundsError);
    expect(results[1]).toMatchObject({ message: expect.stringContaining(ALONE) as string });
  });

  test('are of unknown outcome, each by its id, if the answer is damaged', async () => {
    const answers = [[], [{ outcome: undefined }, applied('x')]];
    await using server = await startScriptedServer({
      executeBatch: () => ({ outcomes: answers.shift() ?? [] }),
    });
    bank = new Bank({ servers: server.address });
    const made = ids(2);
    const both = () => Promise.all(made.map((id) => caught(bank.transfer({ ...transfer, id }))));
    const tooFew = await both();
    expect(tooFew).toMatchObject(made.map((id) => ({ id, reason: 'OUTCOME_UNKNOWN' })));
    expect(await both()).toMatchObject([{ id: made[0], reason: 'OUTCOME_UNKNOWN' }, { replayed: false }]);
  });
});

describe('a request that fails as a whole', () => {
  test('is sent again with the same ids, together, to the next server', async () => {
    const { scripts, requests, open } = gated();
    open();
    await using losing = await startScriptedServer({
      executeBatch: () => {
        throw plainStatus(status.UNAVAILABLE, 'lost');
      },
    });
    await using working = await startScriptedServer(scripts);
    const addresses = [losing.address, working.address];
    const branch =
      Array.from({ length: 100 }, (_, n) => n).find((n) => rankServers(addresses, n)[0] === 0) ?? -1;
    bank = new Bank({ servers: addresses });
    const made = ids(20);
    const deposits = made.map((id) => bank.transfer({ ...transfer, from: account(branch), id }));
    expect((await Promise.all(deposits)).map(({ id }) => id)).toEqual(made);
    expect([losing.calls, requests]).toEqual([[BATCH], [made]]);
  });
});

describe('a call', () => {
  test('that is aborted while it waits is surely not applied, and does not go out', async () => {
    const { scripts, requests, open } = gated();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const first = bank.transfer(transfer);
    await expect.poll(() => requests.length).toBe(1);
    const controller = new AbortController();
    const aborted = caught(bank.transfer(transfer, { signal: controller.signal }));
    const kept = bank.transfer(transfer);
    controller.abort(new Error('enough'));
    const error = await aborted;
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ attempts: 1, cause: { message: 'enough' } });
    open();
    await Promise.all([first, kept]);
    expect(requests.map(({ length }) => length)).toEqual([1, 1]);
  });

  test('that is aborted in flight is of unknown outcome at once, and the others go on', async () => {
    const { scripts, requests, cancelled, open } = gated();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const controller = new AbortController();
    const [id = '', other = ''] = ids(2);
    const aborted = caught(bank.transfer({ ...transfer, id }, { signal: controller.signal }));
    const kept = bank.transfer({ ...transfer, id: other });
    await expect.poll(() => requests).toEqual([[id, other]]);
    controller.abort(new Error('enough'));
    const error = await aborted;
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ id, attempts: 1, cause: { message: 'enough' } });
    expect(cancelled).toEqual([]);
    open();
    await expect(kept).resolves.toMatchObject({ id: other });
  });

  test('is the last to be aborted: its request is cancelled', async () => {
    const { scripts, requests, cancelled } = gated();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => caught(bank.transfer(transfer, { signal })));
    await expect.poll(() => requests.length).toBe(1);
    for (const controller of controllers) controller.abort();
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(UnknownOutcomeError);
    await expect.poll(() => cancelled).toEqual([BATCH]);
  });

  test('keeps its own deadline among others: in flight it is unknown, and the request goes on', async () => {
    const leftMs: number[] = [];
    const { scripts, open } = gated();
    await using server = await startScriptedServer({
      executeBatch: (request, call) => {
        leftMs.push(Number(call.getDeadline()) - Date.now());
        return scripts.executeBatch!(request, call);
      },
    });
    bank = new Bank({ servers: server.address });
    const hasty = caught(bank.transfer(transfer, { timeoutMs: 200 }));
    const patient = bank.transfer(transfer, { timeoutMs: 30_000 });
    const error = await hasty;
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ metadata: { problem: 'no answer within 200 ms' } });
    open();
    await patient;
    expect(leftMs[0]).toBeGreaterThan(20_000);
  });

  test('whose deadline ends before it is sent is surely not applied', async () => {
    await using server = await startSilentServer();
    bank = new Bank({ servers: server.address });
    const calls = [200, 300].map((timeoutMs) => caught(bank.transfer(transfer, { timeoutMs })));
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(DeadlineExceededError);
  });

  test('with as much in it as it may have does not make its request larger than a server takes', async () => {
    const { scripts, requests, open } = gated();
    open();
    await using server = await startScriptedServer(scripts);
    bank = new Bank({ servers: server.address });
    await bank.ready();
    // About 16 KiB each: 300 of them are more than one request may be.
    const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`key ${i}`, '日'.repeat(256)]));
    const made = ids(400);
    await Promise.all(made.map((id) => bank.transfer({ ...transfer, id, metadata })));
    expect(inOrder(requests, made)).toEqual(made);
    expect(requests.length).toBeGreaterThan(1);
  });
});

test('no more waits for a server than it could soon decide: what comes then is refused as overload', async () => {
  await using server = await startSilentServer();
  const caller = new Caller({ addresses: [server.address], random: () => 0.9 });
  const moves = movesOf(caller);
  // About 12 KiB each: 64 MiB are full after some 5,300.
  const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`key ${i}`, '日'.repeat(256)]));
  const calls = Array.from({ length: 6_000 }, () =>
    caught(moves.transfer({ ...transfer, metadata }, { timeoutMs: 800 })),
  );
  const errors = await Promise.all(calls);
  const overloaded = errors.findIndex((error) => error instanceof OverloadedError);
  expect(overloaded).toBeGreaterThan(5_000);
  expect(errors.slice(0, overloaded).every((error) => error instanceof DeadlineExceededError)).toBe(true);
  expect(errors.slice(overloaded).every((error) => error instanceof OverloadedError)).toBe(true);
  await caller.close();
});

test('calls under way keep their deadlines though their server is given up', async () => {
  const { scripts, requests, open } = gated();
  await using server = await startScriptedServer(scripts);
  const peer = connectPeer(server.address, { tls: undefined, token: new Token(undefined) });
  await peer.server.ready(5_000);
  const send = (timeoutMs: number) => {
    const terms = {
      method: method(TransferServiceDefinition, TransferServiceDefinition.methods.transfer),
      request: TransferRequest.decode(new Uint8Array()),
      read: () => 'done',
      made: firstAttempt,
      timeoutMs,
      deadline: performance.now() + timeoutMs,
      hurry: false,
      signal: undefined,
    };
    const attempt = joinedWrite<TransferRequest>((value) => ({ $case: 'transfer', value }));
    return new Promise((resolve) => {
      attempt(peer, terms, resolve);
    });
  };
  const hasty = send(300);
  const patient = send(5_000);
  await expect.poll(() => requests.length).toBe(1);
  closePeer(peer);
  await expect(hasty).resolves.toMatchObject({ failure: { message: 'no answer within 300 ms' } });
  open();
  await patient;
});

test('close() waits for the calls that wait, and they go out', async () => {
  const { scripts, requests, open } = gated();
  await using server = await startScriptedServer(scripts);
  bank = new Bank({ servers: server.address });
  const calls = [bank.transfer(transfer)];
  await expect.poll(() => requests.length).toBe(1);
  calls.push(bank.transfer(transfer), bank.transfer(transfer));
  const closed = bank.close();
  open();
  await expect(Promise.all(calls)).resolves.toHaveLength(3);
  await closed;
});
