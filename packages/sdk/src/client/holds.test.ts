import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { HoldExpiredError } from '../errors/hold-refusals.js';
import { HoldState } from '../gen/giro/v1/transfer_service.js';
import { money } from '../money/money.js';
import { timestampFromMicros } from '../wire/time.js';
import { Bank } from './bank.js';
import type { CaptureHoldParams } from './holds.js';
import {
  refusal,
  startScriptedServer,
  type ScriptedServer,
  type Scripts,
} from './scripted-server.fixture.js';
import { head, receipt, TIME, TIME_MICROS, wireHead, wireHold, wireReceipt } from './wire-answers.fixture.js';

const A = '0-1-95';
const B = '17-1042-02';
const ID = '0199ABCD-0000-7000-8000-00000000ABCD';
const id = ID.toLowerCase();
const HOLD = '0199abcd-0000-7000-8000-00000000beef';
const amount = money('1.00', 'USD');

const hold = {
  id: 'h',
  state: 'held',
  from: A,
  to: B,
  amount: { amount: 100n, currency: 'USD' },
  ...TIME,
  branch: 0,
  position: 4n,
  metadata: {},
};

const requests: unknown[] = [];
function note<T>(request: unknown, answer: T): T {
  requests.push(request);
  return answer;
}

const resolved = {
  state: HoldState.CAPTURED,
  captured: money(60n, 'USD'),
  expiresTime: timestampFromMicros(TIME_MICROS + 1_000n),
  resolvedBy: 'w',
  description: 'room 7',
  metadata: { booking: '12' },
  position: { branch: 0, position: 4n, seal: wireHead(4n) },
};
const scripts: Scripts = {
  placeHold: (request) => note(request, { hold: wireHold({}), receipt: wireReceipt(request.id) }),
  captureHold: (request) => note(request, { receipt: wireReceipt(request.id) }),
  releaseHold: (request) => note(request, { receipt: { ...wireReceipt(request.id), balance: undefined } }),
  getHold: (request) => note(request, { hold: wireHold(resolved) }),
  listHolds: (request) =>
    note(request, {
      holds: [HoldState.RELEASED, HoldState.EXPIRED, 77 as HoldState].map((state) => wireHold({ state })),
      nextPageToken: 'p2',
    }),
};

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

describe('holds', () => {
  test('place gives the hold and its receipt; without an expiry it has none', async () => {
    const placed = await bank.holds.place({ from: A, to: B, amount, id: ID });
    expect(placed).toEqual({ ...hold, receipt: receipt(id) });
    await bank.holds.place({ from: A, to: B, amount, id: ID, expiresInMs: 1 });
    expect(requests).toEqual([
      { id, from: A, to: B, amount },
      { id, from: A, to: B, amount, expiresInMs: 1n },
    ]);
    expect(requests[0]).toMatchObject({ expiresInMs: undefined });
  });

  test('capture and release take the id and a branch, or the hold itself', async () => {
    await expect(bank.holds.capture({ hold: HOLD.toUpperCase(), branch: 17, id: ID })).resolves.toEqual(
      receipt(id),
    );
    await bank.holds.capture({ hold: { id: HOLD, from: B }, id: ID, amount: 60n, description: 'part' });
    const { balance: _, ...released } = receipt(id);
    await expect(bank.holds.release({ hold: HOLD, branch: 0, id: ID })).resolves.toEqual(released);
    await bank.holds.release({ hold: { id: HOLD, from: B }, id: ID });
    expect(requests).toEqual([
      { id, branch: 17, holdId: HOLD },
      {
        id,
        branch: 17,
        holdId: HOLD,
        amount: 60n,
        options: { description: 'part', metadata: {}, preconditions: [] },
      },
      { id, branch: 0, holdId: HOLD },
      { id, branch: 17, holdId: HOLD },
    ]);
    expect(requests[0]).toMatchObject({ amount: undefined });
  });

  test('get', async () => {
    await expect(bank.holds.get({ branch: 17, id: ID })).resolves.toEqual({
      ...hold,
      state: 'captured',
      captured: { amount: 60n, currency: 'USD' },
      expiresTime: new Date('2023-11-14T22:13:20.124Z'),
      expiresTimeMicros: TIME_MICROS + 1_000n,
      resolvedBy: 'w',
      description: 'room 7',
      metadata: { booking: '12' },
      seal: head(4n),
    });
    expect(requests).toEqual([{ branch: 17, id }]);
  });

  test('list, in all states', async () => {
    const page = await bank.holds.list(A, { includeResolved: true, pageSize: 3, pageToken: 'p1' });
    expect(page.items.map(({ state }) => state)).toEqual(['released', 'expired', 'unknown']);
    expect(page.nextPageToken).toBe('p2');
    await bank.holds.list(A);
    expect(requests).toEqual([
      { account: A, includeResolved: true, pageSize: 3, pageToken: 'p1' },
      { account: A, includeResolved: false, pageSize: 0, pageToken: '' },
    ]);
  });

  test('a refusal says what has become of the hold', async () => {
    await using refusing = await startScriptedServer({
      captureHold: () => {
        throw refusal('HOLD_EXPIRED', { hold: HOLD });
      },
    });
    await using client = new Bank({ servers: refusing.address });
    const error = await client.holds.capture({ hold: HOLD, branch: 0 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(HoldExpiredError);
    expect(error).toMatchObject({ hold: HOLD, frozen: true });
  });

  test('types: an id needs its branch', () => {
    expectTypeOf<{ hold: string; branch: number }>().toExtend<CaptureHoldParams>();
    expectTypeOf<{ hold: { id: string; from: string } }>().toExtend<CaptureHoldParams>();
    expectTypeOf<{ hold: string }>().not.toExtend<CaptureHoldParams>();
  });
});
