import { once } from 'node:events';
import type { ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal, refusedCall, startTestBank, type TestBank } from './bank.fixture.js';
import { healthClient } from './health.fixture.js';

let bank: TestBank;
let client: ReturnType<typeof healthClient>;
beforeEach(async () => {
  bank = await startTestBank();
  client = healthClient(bank.address);
});
afterEach(async () => {
  client.close();
  await bank.close();
});

test('the server and each of its services are SERVING', async () => {
  const names = ['', 'giro.v1.BranchService', 'giro.v1.AccountService', 'giro.v1.TransferService'];
  for (const name of [...names, 'giro.v1.JournalService', 'Bank', 'live'])
    expect(await client.check({ service: name })).toEqual({ status: 'SERVING' });
  expect(await refusal(client.check({ service: 'giro.v1.Nothing' }))).toMatchObject({ code: 'NOT_FOUND' });
});

test('who watches is told NOT_SERVING when the server stops, and the stop does not wait for them', async () => {
  const watch = client.watch({ service: '' });
  const statuses: string[] = [];
  watch.on('data', ({ status }: { status: string }) => statuses.push(status));
  const failed = new Promise<ServiceError>((resolve) => watch.once('error', resolve));
  await once(watch, 'data');
  const startedMs = performance.now();
  await bank.close();
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(refusedCall(await failed)).toMatchObject({ code: 'UNAVAILABLE' });
  expect(statuses).toEqual(['SERVING', 'NOT_SERVING']);
});

test('a service name that is no text is refused, and the server lives on', async () => {
  // Field 1 of three bytes that would be half of a surrogate pair.
  const half = Buffer.from('0a03eda080', 'hex');
  const { code } = await refusal(client.checkRaw(half));
  expect(code).not.toBe('DEADLINE_EXCEEDED');
  expect(await client.check({ service: '' })).toEqual({ status: 'SERVING' });
});
