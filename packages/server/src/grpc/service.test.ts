import { newWriteId, type Command } from '@giro/sdk/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { query } from '../../test-support/database.js';
import { initialize, lockBranch, open, refusal, startTestBank, usd, type TestBank } from './bank.fixture.js';

const INFO = 30;
const ERROR = 50;

let bank: TestBank;
beforeEach(async () => {
  bank = await startTestBank();
  await initialize(bank, 1);
});
afterEach(() => bank.close());

describe('the log', () => {
  test('has one line for each call: its request id, method, reason and time, and nobody by name', async () => {
    const customer = 'Margaret Hamilton';
    const account = await open(bank, 1, customer);
    const before = bank.log.length;
    await bank.deposit({ id: newWriteId(), to: account.id, amount: usd(98_765n) }, { 'x-request-id': 'a-1' });
    await refusal(bank.withdraw({ id: newWriteId(), from: account.id, amount: usd(98_766n) }));
    await refusal(bank.getBranch({ branch: undefined }));
    const lines = bank.log.slice(before);
    expect(lines).toMatchObject([
      { level: INFO, requestId: 'a-1', method: '/giro.v1.TransferService/Deposit', reason: 'OK' },
      { level: INFO, method: '/giro.v1.TransferService/Withdraw', reason: 'INSUFFICIENT_FUNDS' },
      { level: INFO, method: '/giro.v1.BranchService/GetBranch', reason: 'INVALID_FIELD' },
    ]);
    expect(lines.every(({ ms }) => typeof ms === 'number' && ms >= 0)).toBe(true);
    const text = JSON.stringify(bank.log);
    for (const secret of [customer, account.id, '98765', '98766']) expect(text).not.toContain(secret);
  });

  test('has the trace that the caller is in, if that is one', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    for (const id of [traceId, '0'.repeat(32), 'Margaret'])
      await bank.getBranch({ branch: 1 }, { traceparent: `00-${id}-00f067aa0ba902b7-01` });
    expect(bank.log.slice(-3).map((line) => line['trace_id'])).toEqual([traceId, undefined, undefined]);
  });

  test('makes a request id where the caller sends none, or one that cannot be printed', async () => {
    await bank.getBranch({ branch: 1 });
    await bank.getBranch({ branch: 1 }, { 'x-request-id': 'two words' });
    await bank.getBranch({ branch: 1 }, { 'x-request-id': 'x'.repeat(129) });
    const ids = bank.log.slice(-3).map(({ requestId }) => requestId);
    expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(String(id)))).toBe(true);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a fault of the server', () => {
  test('in a read is INTERNAL: the caller is told the request id, the log tells why', async () => {
    await query(bank.databaseUrl, 'alter table branches rename column position to was_renamed');
    const read = bank.getBranch({ branch: 1 }, { 'x-request-id': 'read-1' });
    const { code, details, reason, metadata } = await refusal(read);
    expect([code, reason, metadata?.['request_id']]).toEqual(['INTERNAL', 'INTERNAL', 'read-1']);
    expect(details).toBe('something unforeseen happened; see the log of request read-1');
    expect(JSON.stringify(metadata)).not.toMatch(/column|renamed|branches/);
  });

  test('in a write is INTERNAL, uses up nothing, and takes no other write with it', async () => {
    const { id: to } = await open(bank, 1, 'Margaret Hamilton');
    await query(bank.databaseUrl, 'alter table entries add constraint odd check (amount <> 13)  not valid');
    const unlucky = { id: newWriteId(), to, amount: usd(13n) };
    const answers = await Promise.allSettled([
      refusal(bank.deposit(unlucky, { 'x-request-id': 'write-1' })),
      bank.deposit({ id: newWriteId(), to, amount: usd(1n) }),
      bank.deposit({ id: newWriteId(), to, amount: usd(2n) }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(answers[0]).toMatchObject({ value: { code: 'INTERNAL', metadata: { request_id: 'write-1' } } });
    const [line] = bank.log.filter(({ requestId }) => requestId === 'write-1');
    expect(line).toMatchObject({ level: ERROR, reason: 'INTERNAL', faults: 1 });
    expect(JSON.stringify(line)).toContain('violates check constraint');
    expect(JSON.stringify(answers[0])).not.toMatch(/constraint|entries|odd/);
    expect(JSON.stringify(bank.log)).not.toContain('Margaret');
    await query(bank.databaseUrl, 'alter table entries drop constraint odd');
    expect((await bank.deposit(unlucky)).receipt).toMatchObject({ balance: usd(16n), replayed: false });
  });

  test('in an item of a batch is that item alone, and one line of the log', async () => {
    const { id: to } = await open(bank, 1, 'alice');
    await query(bank.databaseUrl, 'alter table entries add constraint odd check (amount <> 13)  not valid');
    const deposit = (amount: bigint): Command => ({
      command: { $case: 'deposit', value: { id: newWriteId(), to, amount: usd(amount) } },
    });
    const commands = [1n, 13n, 2n, 13n].map(deposit);
    const { outcomes } = await bank.executeBatch({ commands }, { 'x-request-id': 'batch-1' });
    expect(outcomes.map(({ outcome }) => outcome)).toMatchObject([
      { $case: 'receipt', value: { balance: usd(1n) } },
      { $case: 'refusal', value: { reason: 'INTERNAL', metadata: { request_id: 'batch-1' } } },
      { $case: 'receipt', value: { balance: usd(3n) } },
      { $case: 'refusal', value: { reason: 'INTERNAL', replayed: false } },
    ]);
    const lines = bank.log.filter(({ requestId }) => requestId === 'batch-1');
    expect(lines).toMatchObject([{ level: ERROR, reason: 'OK', faults: 2 }]);
  });
});

test('a write whose caller no longer waits is not begun', async () => {
  const { id: to } = await open(bank, 1, 'alice');
  const lock = await lockBranch(bank, 1);
  const first = bank.deposit({ id: newWriteId(), to, amount: usd(1n) });
  await lock.waitedFor();
  const late = refusal(bank.deposit({ id: newWriteId(), to, amount: usd(5n) }, {}, 200));
  expect(await late).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await lock.release();
  expect((await first).receipt).toMatchObject({ balance: usd(1n) });
  await expect.poll(() => bank.log.some(({ reason }) => reason === 'CANCELLED')).toBe(true);
  expect((await bank.getAccount({ account: to })).account?.balance).toEqual(usd(1n));
});
