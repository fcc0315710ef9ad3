/** A test bank as a user's tests have it: through the real SDK. */
import {
  Bank,
  HoldExpiredError,
  InsufficientFundsError,
  money,
  newWriteId,
  OverloadedError,
  UnavailableError,
  UnknownOutcomeError,
  type Account,
  type Entry,
} from '@giro/sdk';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallName } from './call-names.js';
import { startTestBank, type TestBank, type TestBankOptions } from './start-test-bank.js';

let testBank: TestBank;
let bank: Bank;
let alice: Account;
let bob: Account;

const startedInMs: number[] = [];

afterAll(() => {
  process.stdout.write(`test banks started in ${startedInMs.join(', ')} ms\n`);
});

beforeEach(() => open());

afterEach(async () => {
  await bank.close();
  await testBank.close();
});

/** Starts a bank in which alice has 100 dollars, and bob nothing. */
async function open(options?: TestBankOptions): Promise<void> {
  const startedMs = performance.now();
  testBank = await startTestBank(options);
  startedInMs.push(Math.round(performance.now() - startedMs));
  bank = new Bank({ servers: testBank.addresses });
  await bank.branches.initialize({ id: 1, initialBalance: money('1000.00', 'USD') });
  alice = await bank.accounts.open({ branch: 1, customer: 'alice', currency: 'USD' });
  bob = await bank.accounts.open({ branch: 1, customer: 'bob', currency: 'USD' });
  await bank.deposit({ to: alice.id, amount: money('100.00', 'USD') });
}

/** The same bank again, opened otherwise. */
async function reopen(options: TestBankOptions): Promise<void> {
  await bank.close();
  await testBank.close();
  await open(options);
}

function payment(dollars: string) {
  return { from: alice.id, to: bob.id, amount: money(dollars, 'USD') };
}

async function balances(): Promise<readonly bigint[]> {
  const both = await Promise.all([alice, bob].map(({ id }) => bank.accounts.get(id)));
  return both.map(({ balance }) => balance.amount);
}

describe('a test bank', () => {
  test('keeps the rules, and verifies', async () => {
    const receipt = await bank.transfer(payment('30.00'));
    await expect(bank.transfer(payment('70.01'))).rejects.toThrow(InsufficientFundsError);
    expect(await balances()).toEqual([70_00n, 30_00n]);
    const [{ branch, seal } = { branch: 0 }] = receipt.positions;
    expect(await bank.journal.verify({ branch, seal })).toMatchObject({ ok: true });
  });

  test('is served by several servers, each of which serves all of it', async () => {
    await reopen({ servers: 3 });
    for (const address of testBank.addresses) {
      await using other = new Bank({ servers: address });
      expect((await other.transfer(payment('1.00'))).replayed).toBe(false);
    }
    expect(await balances()).toEqual([97_00n, 3_00n]);
  });

  test('leaves nothing behind when it is closed, however often', async () => {
    await Promise.all([testBank.close(), testBank.close()]);
    const call = bank.accounts.get(alice.id, { timeoutMs: 200 });
    await expect(call).rejects.toThrow(UnavailableError);
  });

  test.each<[string, TestBankOptions]>([
    ['servers: 0 cannot be', { servers: 0 }],
    ['servers: 17 cannot be', { servers: 17 }],
    ['now: it must be a valid date', { now: new Date(NaN) }],
    ["currency: 'usd' is no", { currency: 'usd' }],
  ])('is refused if %s', async (message, options) => {
    await expect(startTestBank(options)).rejects.toThrow(message);
  });
});

describe('its clock', () => {
  test('begins when it is told to, and says what time entries are of', async () => {
    await reopen({ now: new Date('2031-05-01T00:00:00Z') });
    const { time } = await bank.transfer(payment('1.00'));
    expect(time.toISOString()).toMatch(/^2031-05-01T00:0/);
    expect(testBank.clock.now().getTime()).toBeGreaterThanOrEqual(time.getTime());
  });

  test('lets holds expire: a capture comes too late, the amount is free, and the journal tells', async () => {
    const hold = await bank.holds.place({ ...payment('60.00'), expiresInMs: 7 * 86_400_000 });
    await testBank.clock.advance(7 * 86_400_000 - 60_000);
    expect((await bank.accounts.get(alice.id)).available.amount).toBe(40_00n);
    await testBank.clock.advance(60_000);
    const { items } = await bank.journal.entries({ branch: 1, after: hold.position });
    expect(items.map(({ kind }) => kind)).toEqual(['hold-expired']);
    expect((await bank.accounts.get(alice.id)).available.amount).toBe(100_00n);
    await expect(bank.holds.capture({ hold })).rejects.toThrow(HoldExpiredError);
  });

  test('goes forward only', async () => {
    await expect(testBank.clock.advance(-1)).rejects.toThrow(RangeError);
  });
});

describe('a fault', () => {
  test('of latency lets calls wait, those that are meant alone, until it is ended', async () => {
    const slow = testBank.faults.latency(300, { calls: 'transfer' });
    const startedMs = performance.now();
    await bank.transfer(payment('1.00'));
    // Timers may fire a millisecond early.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(299);
    const deadline = { timeoutMs: 200 };
    await bank.deposit({ to: bob.id, amount: money('1.00', 'USD') }, deadline);
    await expect(bank.transfer(payment('1.00'), deadline)).rejects.toThrow(UnknownOutcomeError);
    slow.end();
    await bank.transfer(payment('1.00'), deadline);
    expect(slow.hits).toBe(2);
  });

  test('of latency is not applied for whoever has hung up meanwhile', async () => {
    testBank.faults.latency(100, { times: 1 });
    await expect(bank.transfer(payment('9.00'), { timeoutMs: 20 })).rejects.toThrow(UnknownOutcomeError);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await balances()).toEqual([100_00n, 0n]);
  });

  test('that refuses is thrown as a real refusal is, and nothing is applied', async () => {
    const id = newWriteId();
    testBank.faults.refuse('INSUFFICIENT_FUNDS', {
      calls: 'transfer',
      metadata: { available: '7', currency: 'USD' },
    });
    await expect(bank.transfer({ id, ...payment('1.00') })).rejects.toThrow(InsufficientFundsError);
    expect(await balances()).toEqual([100_00n, 0n]);
    expect((await bank.transfer({ id, ...payment('1.00') })).replayed).toBe(false);
  });

  test('that passes is tried again by the client, and one that does not is thrown in the end', async () => {
    const passing = testBank.faults.refuse('UNAVAILABLE', { calls: 'transfer', times: 2 });
    expect((await bank.transfer(payment('1.00'))).replayed).toBe(false);
    expect(passing.hits).toBe(2);
    testBank.faults.refuse('OVERLOADED', { times: Infinity });
    const failing = bank.transfer(payment('1.00'), { timeoutMs: 500 });
    await expect(failing).rejects.toThrow(OverloadedError);
    testBank.faults.clear();
    expect(await balances()).toEqual([99_00n, 1_00n]);
  });

  test('that disconnects before the write is known makes the client send it again: it is applied once', async () => {
    const cut = testBank.faults.disconnect('before', { calls: 'transfer' });
    expect((await bank.transfer(payment('1.00'))).replayed).toBe(false);
    expect(cut.hits).toBe(1);
    expect(await balances()).toEqual([99_00n, 1_00n]);
  });

  test('that disconnects after it was applied makes the client learn the first answer (R5, R13)', async () => {
    const cut = testBank.faults.disconnect('after', { calls: 'transfer' });
    expect((await bank.transfer(payment('1.00'))).replayed).toBe(true);
    expect(cut.hits).toBe(1);
    expect(await balances()).toEqual([99_00n, 1_00n]);
  });

  test('that loses the answer leaves the outcome unknown, and the same id gets the first answer (R5, R13)', async () => {
    const id = newWriteId();
    testBank.faults.loseAnswer({ calls: 'transfer' });
    const lost = bank.transfer({ id, ...payment('1.00') }, { timeoutMs: 200 });
    await expect(lost).rejects.toThrow(UnknownOutcomeError);
    expect(await balances()).toEqual([99_00n, 1_00n]);
    expect((await bank.transfer({ id, ...payment('1.00') })).replayed).toBe(true);
    expect(await balances()).toEqual([99_00n, 1_00n]);
  });

  test('that loses a refusal loses it as well', async () => {
    testBank.faults.loseAnswer({ calls: 'transfer' });
    await expect(bank.transfer(payment('900.00'), { timeoutMs: 200 })).rejects.toThrow(UnknownOutcomeError);
  });

  test('befalls writes that travel together, if one of them is meant', async () => {
    const cut = testBank.faults.disconnect('after', { calls: 'placeHold' });
    const receipts = await Promise.all([
      bank.deposit({ to: bob.id, amount: money('1.00', 'USD') }),
      bank.transfer(payment('1.00')),
      bank.holds.place(payment('1.00')).then(({ receipt }) => receipt),
    ]);
    expect(cut.hits).toBe(1);
    expect(receipts.some(({ replayed }) => replayed)).toBe(true);
    expect(await balances()).toEqual([99_00n, 2_00n]);
  });

  test('of another name is refused by name', () => {
    expect(() => testBank.faults.latency(1, { calls: 'pay' as CallName })).toThrow("'pay' is no call");
  });
});

test('a watch goes on where it was cut, without a gap', async () => {
  const seen: Entry[] = [];
  for await (const entry of bank.journal.watch({ branch: 1, after: 0n })) {
    seen.push(entry);
    if (seen.length === 2) testBank.servers[0]?.disconnect();
    if (seen.length === 5) await bank.transfer(payment('1.00'));
    if (entry.kind === 'posting' && entry.amount.amount === 1_00n) break;
  }
  expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => BigInt(index + 1)));
});
