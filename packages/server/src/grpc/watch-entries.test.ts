/** Watches over gRPC: what they send, and every way in which they end. */
import { once } from 'node:events';
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import {
  newWriteId,
  type Entry,
  type JournalHead,
  type WatchEntriesRequest,
  type WatchEntriesResponse,
} from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { initialize, open, refusedCall, startTestBank, usd, type TestBank } from './bank.fixture.js';

let bank: TestBank;
let account: string;
beforeEach(async () => {
  bank = await startTestBank();
  await initialize(bank, 1);
  account = (await open(bank, 1, 'alice')).id;
});
afterEach(() => bank.close());

const begin: WatchEntriesRequest = { branch: 1, after: 0n, seal: undefined };

/** Opens a watch, until the end of the test. */
function watch(request: WatchEntriesRequest = begin, on: TestBank = bank) {
  const stream = on.watchEntries(request, { 'x-request-id': 'watch-1' });
  stream.on('error', () => undefined);
  onTestFinished(() => {
    stream.cancel();
  });
  return stream;
}

async function nextResponse(
  stream: ClientReadableStream<WatchEntriesResponse>,
): Promise<WatchEntriesResponse> {
  const [response] = (await once(stream, 'data')) as [WatchEntriesResponse];
  return response;
}

/** How a stream ends. */
async function endOf(stream: ClientReadableStream<WatchEntriesResponse>) {
  stream.resume();
  const [error] = (await once(stream, 'error').catch((error: unknown) => [error])) as [ServiceError];
  return refusedCall(error);
}

async function deposit(amount = 1n): Promise<JournalHead> {
  const { receipt } = await bank.deposit({ id: newWriteId(), to: account, amount: usd(amount) });
  return receipt!.positions[0]!.seal!;
}

/** The one line that the log has of the watch, once it has one. */
async function logLine() {
  await expect.poll(() => bank.log.filter(({ requestId }) => requestId === 'watch-1')).toHaveLength(1);
  return bank.log.find(({ requestId }) => requestId === 'watch-1');
}

describe('a watch', () => {
  test('sends what is there, then what is committed, by this server or another, each entry once', async () => {
    const other = await startTestBank({ place: bank.place });
    onTestFinished(() => other.close());
    const stream = watch();
    const seen: Entry[] = [];
    let head: JournalHead | undefined;
    stream.on('data', (response: WatchEntriesResponse) => {
      seen.push(...response.entries);
      head = response.head;
    });
    for (const server of [bank, other, bank, other]) {
      await server.deposit({ id: newWriteId(), to: account, amount: usd(1n) });
    }
    const { entries } = await bank.listEntries({ branch: 1, after: 0n, pageSize: 0 });
    await expect.poll(() => seen.length).toBe(entries.length);
    expect(seen).toEqual(entries);
    expect(head).toEqual(entries.at(-1)?.position?.seal);
  });

  test('goes on after a place, if the journal still has the seal that was seen there', async () => {
    const seal = await deposit();
    const stream = watch({ branch: 1, after: seal.position, seal });
    expect(await nextResponse(stream)).toEqual({ entries: [], head: seal });
    const next = nextResponse(stream);
    const head = await deposit(7n);
    expect(await next).toMatchObject({
      head,
      entries: [{ position: { branch: 1, position: head.position }, change: { value: { amount: usd(7n) } } }],
    });
  });
});

describe('a watch is refused, with a reason,', () => {
  const hash = Buffer.alloc(32);
  test.each<[string, WatchEntriesRequest, object]>([
    ['INVALID_FIELD', { ...begin, branch: undefined }, { field: 'branch' }],
    ['INVALID_FIELD', { ...begin, after: -1n }, { field: 'after' }],
    ['INVALID_FIELD', { ...begin, seal: { position: 9n, hash: Buffer.alloc(31) } }, { field: 'seal.hash' }],
    ['INVALID_FIELD', { ...begin, after: 2n, seal: { position: 1n, hash } }, { field: 'seal.position' }],
    ['BRANCH_NOT_FOUND', { ...begin, branch: 2 }, { branch: '2' }],
    ['POSITION_NOT_FOUND', { ...begin, after: 99n }, { branch: '1', position: '99', last: '5' }],
    [
      'JOURNAL_DIVERGED',
      { ...begin, after: 5n, seal: { position: 5n, hash } },
      { branch: '1', position: '5' },
    ],
  ])('%s: %o', async (reason, request, metadata) => {
    expect(await endOf(watch(request))).toMatchObject({ reason, metadata });
    expect(await logLine()).toMatchObject({ reason, messages: 0 });
  });
});

describe('a watch ends', () => {
  test('when its caller cancels it, and leaves one line in the log', async () => {
    const stream = watch();
    await nextResponse(stream);
    stream.cancel();
    expect(await endOf(stream)).toMatchObject({ code: 'CANCELLED' });
    expect(await logLine()).toMatchObject({
      method: '/giro.v1.JournalService/WatchEntries',
      reason: 'CANCELLED',
      messages: 1,
      level: 30,
    });
  });

  test('when the server stops, at once and with UNAVAILABLE, after everything that was sent', async () => {
    const stream = watch();
    const idle = watch({ ...begin, after: 5n });
    const responses: WatchEntriesResponse[] = [];
    stream.on('data', (response: WatchEntriesResponse) => responses.push(response));
    idle.resume();
    await expect.poll(() => responses.length).toBe(1);
    const ends = Promise.all([endOf(stream), endOf(idle)]);
    await bank.stop();
    for (const end of await ends) {
      expect(end).toMatchObject({
        code: 'UNAVAILABLE',
        reason: 'UNAVAILABLE',
        details: 'the server is shutting down',
      });
    }
    expect(bank.log.filter(({ requestId }) => requestId === 'watch-1')).toMatchObject([
      { reason: 'UNAVAILABLE', level: 30 },
      { reason: 'UNAVAILABLE', level: 30 },
    ]);
    const last = bank.log.at(-1);
    expect(last).toMatchObject({ msg: 'stopped' });
  });
});
